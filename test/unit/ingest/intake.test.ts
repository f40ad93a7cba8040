import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createIntake, type IntakeLimits } from '../../../src/ingest/intake.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A database whose commits happen when the test says so. */
function intakeOnHeldStore(limits: Partial<IntakeLimits> = {}) {
  const batches: string[][] = [];
  const commits: { readonly first: string; readonly settle: (isStored: boolean) => void }[] = [];
  const events: string[] = [];
  const intake = createIntake({
    store: (batch) => {
      const names = Array.from({ length: batch.count }, (_, place) => batch.message(place).topic);
      batches.push(names);
      return new Promise((settle) => commits.push({ first: names[0] ?? '', settle }));
    },
    onAcknowledged: (count) => events.push(`${count} done`),
    // One at a time, where a test does not say otherwise.
    limits: { writers: 1, longestLingerMs: limits.lingerMs ?? 1, ...limits },
  });
  /** A message of so many bytes, with its name for a topic. */
  const offer = (name: string, bytes = name.length) => {
    const all = Buffer.alloc(bytes, name);
    const place = { topicAt: 0, topicEnd: name.length, payloadAt: name.length, payloadEnd: bytes, payloadBytes: 0 };
    const connection = { add: () => events.push(`ack ${name}`) };
    intake.take({ bytes: all, ...place, packetId: 1 }, Date.now(), connection);
    const proceed = () => events.push(`next after ${name}`);
    if (intake.hasRoom()) proceed();
    else intake.whenRoom(proceed);
  };
  const commitAt = async (position: number, isStored: boolean) => {
    for (const { settle } of commits.splice(position, 1)) settle(isStored);
    await vi.advanceTimersByTimeAsync(0);
  };
  /** Of the oldest batch. */
  const commit = (isStored = true) => commitAt(0, isStored);
  /** Of the batch that begins with this message. */
  const commitOf = (name: string, isStored = true) =>
    commitAt(
      commits.findIndex(({ first }) => first === name),
      isStored,
    );
  return { intake, offer, commit, commitOf, batches, events };
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
    await vi.advanceTimersByTimeAsync(100);
    await commit();
    expect(events).toEqual(['ack a', 'ack b', '2 done', 'ack c', '1 done']);
  });

  it('writes as many full batches at once as it may, and gathers the next meanwhile', async () => {
    const { offer, commit, batches } = intakeOnHeldStore({ batchMessages: 2, writers: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) offer(name);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await commit();
    expect(batches.slice(2)).toEqual([['e', 'f']]);
  });

  it('lets what is no full batch wait for company while another one is written', async () => {
    const { offer, commit, batches } = intakeOnHeldStore({ batchMessages: 2, writers: 2 });
    for (const name of ['a', 'b', 'c']) offer(name);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([['a', 'b']]);
    await commit();
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('acknowledges nothing that came after a message which is not stored yet', async () => {
    const { offer, commitOf, events } = intakeOnHeldStore({ batchMessages: 2, writers: 2 });
    for (const name of ['a', 'b', 'c', 'd']) offer(name);
    events.length = 0;
    await commitOf('c');
    expect(events).toEqual([]);
    await commitOf('a');
    expect(events).toEqual(['ack a', 'ack b', '2 done', 'ack c', 'ack d', '2 done']);
  });

  it('gives a message that waits its turn as soon as a writer is free, if it has waited long enough', async () => {
    const { offer, commit, batches } = intakeOnHeldStore({ batchMessages: 2, lingerMs: 4 });
    for (const name of ['a', 'b', 'c']) offer(name);
    await vi.advanceTimersByTimeAsync(1);
    await commit();
    expect(batches).toEqual([['a', 'b']]);
    await vi.advanceTimersByTimeAsync(3);
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('writes a batch of few when they are big, and a giant by itself', async () => {
    const { offer, commit, batches } = intakeOnHeldStore({ batchBytes: 10, batchMessages: 4 });
    offer('giant', 50);
    for (const name of ['a', 'b', 'c']) offer(name, 5);
    await commit();
    await commit();
    await vi.advanceTimersByTimeAsync(100);
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

  it('acknowledges nothing behind a batch that cannot be stored, even if that was stored', async () => {
    const { intake, offer, commitOf, events } = intakeOnHeldStore({ batchMessages: 1, writers: 2 });
    offer('a');
    offer('b');
    events.length = 0;
    const closed = intake.close();
    await commitOf('b');
    await commitOf('a', false);
    await closed;
    expect(events).toEqual([]);
    expect(intake.pending()).toBe(0);
  });

  it('has nothing to wait for when it was idle', async () => {
    await expect(intakeOnHeldStore().intake.close()).resolves.toBeUndefined();
  });
});
