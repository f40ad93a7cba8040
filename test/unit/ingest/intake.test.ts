import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createIntake, type IntakeLimits } from '../../../src/ingest/intake.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A database whose commits happen when the test says so. */
function intakeOnHeldStore(limits: Partial<IntakeLimits> = {}) {
  const batches: string[][] = [];
  const commits: ((isStored: boolean) => void)[] = [];
  const events: string[] = [];
  const intake = createIntake<string>({
    store: (batch) => {
      batches.push([...batch]);
      return new Promise((resolve) => commits.push(resolve));
    },
    onAcknowledged: (count) => events.push(`${count} done`),
    limits,
  });
  const offer = (name: string, bytes = 1) =>
    intake.offer({ message: name, bytes, acknowledge: () => events.push(`ack ${name}`) }, () =>
      events.push(`next after ${name}`),
    );
  const commit = async (isStored = true) => {
    commits.shift()?.(isStored);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { intake, offer, commit, batches, events };
}

describe('the intake', () => {
  it('waits a moment for company, then writes', async () => {
    const { offer, batches } = intakeOnHeldStore({ lingerMs: 4 });
    offer('a');
    offer('b');
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(4);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('waits no longer once a batch is full', () => {
    const { offer, batches } = intakeOnHeldStore({ batchMessages: 2 });
    offer('a');
    expect(batches).toEqual([]);
    offer('b');
    expect(batches).toEqual([['a', 'b']]);
  });

  it('acknowledges in the order of arrival, and only after the commit', async () => {
    const { offer, commit, events } = intakeOnHeldStore({ batchMessages: 2 });
    for (const name of ['a', 'b', 'c']) offer(name);
    expect(events).toEqual(['next after a', 'next after b', 'next after c']);

    events.length = 0;
    await commit();
    expect(events).toEqual(['ack a', 'ack b', '2 done']);
    await commit();
    expect(events).toEqual(['ack a', 'ack b', '2 done', 'ack c', '1 done']);
  });

  it('gathers the next batch while one is written, and writes one at a time', async () => {
    const { offer, commit, batches } = intakeOnHeldStore({ batchMessages: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) offer(name);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([['a', 'b']]);
    await commit();
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('writes a batch of few when they are big, and a giant by itself', async () => {
    const { offer, commit, batches } = intakeOnHeldStore({ batchBytes: 10, batchMessages: 4 });
    offer('giant', 50);
    for (const name of ['a', 'b', 'c']) offer(name, 5);
    await commit();
    await commit();
    expect(batches).toEqual([['giant'], ['a', 'b'], ['c']]);
  });

  it('asks for nothing more while as much as it may hold waits for a commit', async () => {
    const { offer, commit, events, intake } = intakeOnHeldStore({ batchMessages: 1, windowMessages: 2 });
    offer('a');
    offer('b');
    expect(events).toEqual(['next after a']);
    expect(intake.pending()).toBe(2);
    await commit();
    expect(events).toEqual(['next after a', 'ack a', '1 done', 'next after b']);
    expect(intake.pending()).toBe(1);
  });

  it('counts the bytes of what waits, too', () => {
    const { offer, events } = intakeOnHeldStore({ windowBytes: 100 });
    offer('a', 99);
    offer('b', 1);
    expect(events).toEqual(['next after a']);
  });

  it('takes up work again after a rest', async () => {
    const { offer, commit, batches, intake } = intakeOnHeldStore({ lingerMs: 4 });
    for (const name of ['a', 'b']) {
      offer(name);
      await vi.advanceTimersByTimeAsync(4);
      await commit();
    }
    expect(batches).toEqual([['a'], ['b']]);
    expect(intake.pending()).toBe(0);
  });
});

describe('an intake that is closed', () => {
  it('stores and acknowledges what it had taken over, and nothing that comes after', async () => {
    const { intake, offer, commit, events, batches } = intakeOnHeldStore();
    offer('a');
    const onClosed = vi.fn();
    const closed = intake.close().then(onClosed);
    offer('late');
    await vi.advanceTimersByTimeAsync(100);
    expect(onClosed).not.toHaveBeenCalled();
    await commit();
    await closed;
    expect(batches).toEqual([['a']]);
    expect(events).toEqual(['next after a', 'next after late', 'ack a', '1 done']);
  });

  it('lets go of what cannot be stored, without acknowledging it', async () => {
    const { intake, offer, commit, events, batches } = intakeOnHeldStore({ batchMessages: 1, windowMessages: 2 });
    offer('a');
    offer('b');
    const closed = intake.close();
    await commit(false);
    await closed;
    expect(batches).toEqual([['a']]);
    expect(events).toEqual(['next after a', 'next after b']);
    expect(intake.pending()).toBe(0);
  });

  it('has nothing to wait for when it was idle', async () => {
    await expect(intakeOnHeldStore().intake.close()).resolves.toBeUndefined();
  });
});
