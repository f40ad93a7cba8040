import { beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { draftOf } from '../../../src/ingest/batch-draft.ts';
import type { InterpretedMessage } from '../../../src/ingest/message.ts';
import type { StoredBatch } from '../../../src/ingest/store-batch.ts';
import { type PersistentStore, storeUntilDone } from '../../../src/ingest/store-until-done.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const message = (name: string): InterpretedMessage => ({
  message: {
    source: 'mqtt',
    topic: name,
    payload: new Uint8Array(),
    payloadBytes: 0,
    receivedAt: new Date('2026-11-23T12:00:00Z'),
  },
  content: undefined,
  rejection: undefined,
});
const outcome: StoredBatch = { stored: 0, lastReadAtMs: [], repeats: 0, conflicts: 0, quarantined: [] };
const failure = (code: string) => Object.assign(new Error('as the driver says it'), { code });

/** A database that fails as `fail` says, and remembers what it stored. */
function storeOn(fail: (names: readonly string[], attempt: number) => Error | undefined) {
  const stored: string[][] = [];
  const stop = new AbortController();
  let attempt = 0;
  const store: PersistentStore['store'] = (batch) => {
    const names = batch
      .messages()
      .map(({ message: { topic }, rejection }) => (rejection ? `${topic}: ${rejection.detail}` : topic));
    attempt += 1;
    const error = fail(names, attempt);
    if (error) return Promise.reject(error);
    stored.push(names);
    return Promise.resolve(outcome);
  };
  const deps = { log: createLogger('silent'), store, onStored: vi.fn(), stop: stop.signal };
  return { deps, stored, stop };
}

it('tries again for as long as the database is away', async () => {
  const { deps, stored } = storeOn((_names, attempt) => (attempt < 20 ? failure('ECONNREFUSED') : undefined));
  const done = storeUntilDone(deps, draftOf([message('a'), message('b')]));
  await vi.runAllTimersAsync();

  await expect(done).resolves.toBe(true);
  expect(stored).toEqual([['a', 'b']]);
  expect(deps.onStored).toHaveBeenCalledTimes(1);
});

it('finds the one message that the database will not have, and stores all others', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const { deps, stored } = storeOn((batch) => (batch.includes('e') ? failure('22021') : undefined));

  await expect(storeUntilDone(deps, draftOf(names.map(message)))).resolves.toBe(true);
  expect(stored.flat()).toEqual(['a', 'b', 'c', 'd', 'e: SQLSTATE 22021', 'f', 'g']);
  expect(deps.onStored).toHaveBeenCalledTimes(stored.length);
});

it('stores no part again when a later one has to wait, and says which is the last', async () => {
  const { deps, stored } = storeOn((batch, attempt) => {
    if (batch.includes('bad')) return failure('22021');
    return attempt < 8 && batch.includes('c') ? failure('ECONNREFUSED') : undefined;
  });
  const store = vi.spyOn(deps, 'store');
  const done = storeUntilDone(deps, draftOf(['a', 'bad', 'c', 'd'].map(message)));
  await vi.runAllTimersAsync();

  await expect(done).resolves.toBe(true);
  expect(stored.flat()).toEqual(['a', 'bad: SQLSTATE 22021', 'c', 'd']);
  expect(deps.onStored).toHaveBeenCalledTimes(stored.length);
  const last = store.mock.calls.filter(([, isLast]) => isLast).map(([part]) => part.messages().at(-1)?.message.topic);
  expect(new Set(last)).toEqual(new Set(['d']));
});

it('does not take a deadlock for the fault of a message', async () => {
  const { deps, stored } = storeOn((_names, attempt) => (attempt === 1 ? failure('40P01') : undefined));
  const done = storeUntilDone(deps, draftOf([message('a')]));
  await vi.runAllTimersAsync();

  await expect(done).resolves.toBe(true);
  expect(stored).toEqual([['a']]);
});

it('stops waiting for a database that is away when it is told to', async () => {
  const { deps, stored, stop } = storeOn(() => failure('ECONNREFUSED'));
  const done = storeUntilDone(deps, draftOf([message('a')]));
  await vi.advanceTimersByTimeAsync(50);
  stop.abort();

  await expect(done).resolves.toBe(false);
  expect(stored).toEqual([]);
});
