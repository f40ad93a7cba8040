import { expect, it } from 'vitest';
import { inGroups } from '../../../src/notify/in-groups.ts';

it('does together what is asked for while it works', async () => {
  const runs: (readonly number[])[] = [];
  const note = inGroups(async (items: readonly number[]) => {
    runs.push(items);
    await Promise.resolve();
  });
  await Promise.all([1, 2, 3].map(note));
  await note(4);

  expect(runs.flat()).toEqual([1, 2, 3, 4]);
  expect(runs.length).toBeLessThan(4);
});

it('tells everybody of a run that failed, and goes on', async () => {
  let broken = true;
  const note = inGroups(() => (broken ? Promise.reject(new Error('away')) : Promise.resolve()));
  const told = await Promise.allSettled([note(1), note(2)]);
  broken = false;

  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(note(3)).resolves.toBeUndefined();
});
