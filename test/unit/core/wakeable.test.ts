import { expect, it } from 'vitest';
import { wakeable } from '../../../src/core/wakeable.ts';

/** A job whose runs are ended by hand. */
function job() {
  const ends: (() => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const wake = wakeable(
    () =>
      new Promise<void>((resolve, reject) => {
        ends.push(resolve);
        fails.push(reject);
      }),
  );
  return { wake, ends, fails };
}

it('runs once more after the run under way, however often it was woken meanwhile', async () => {
  const { wake, ends } = job();
  const first = wake();
  const others = [wake(), wake(), wake()];
  expect(ends).toHaveLength(1);
  ends[0]!();
  await first;
  expect(ends).toHaveLength(2);
  ends[1]!();
  await Promise.all(others);
  expect(ends).toHaveLength(2);
});

it('runs again after a run that failed', async () => {
  const { wake, ends, fails } = job();
  const first = wake();
  const second = wake();
  fails[0]!(new Error('the database is away'));
  await expect(first).rejects.toThrow('away');
  ends[1]!();
  await second;
  void wake();
  expect(ends).toHaveLength(3);
});
