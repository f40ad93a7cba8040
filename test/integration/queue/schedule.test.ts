import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { openQueueStore } from '../../../src/main/queue-store.ts';
import { createQueueBackend, type QueueStore } from '../../../src/queue/backend.ts';
import * as jobs from '../../../src/queue/jobs.ts';
import { startScheduledJob } from '../../../src/queue/schedule.ts';
import { useDatabase } from '../../support/database.ts';
import { useRedis } from '../../support/redis.ts';

const database = useDatabase();
const redis = useRedis();
const log = createLogger('silent');
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

function onPostgres(): QueueStore {
  const { store, close } = openQueueStore(undefined, database.url, log);
  stops.push(close);
  return store;
}

async function start(store: QueueStore, handle: () => Promise<unknown>, patienceMs?: number) {
  const backend = createQueueBackend(store, log);
  await backend.prepare();
  const deps = { backend, log, machineClock: systemClock, ...(patienceMs === undefined ? {} : { patienceMs }) };
  stops.push(startScheduledJob(deps, { definition: jobs.detect, everyMs: 100, handle }));
}

describe('a scheduled job', () => {
  it('runs again and again on PostgreSQL, and goes on after a run that failed', async () => {
    let runs = 0;
    await start(onPostgres(), () => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('a bad moment')) : Promise.resolve();
    });

    await vi.waitFor(() => expect(runs).toBeGreaterThan(3), { timeout: 20_000 });
  });

  it.runIf(redis.isPresent)('runs again and again on Redis', async () => {
    let runs = 0;
    await start({ redisUrl: redis.url }, () => Promise.resolve((runs += 1)));

    await vi.waitFor(() => expect(runs).toBeGreaterThan(3), { timeout: 20_000 });
  });

  it.runIf(redis.isPresent)('comes back by itself after somebody has emptied Redis', async () => {
    let runs = 0;
    await start({ redisUrl: redis.url }, () => Promise.resolve((runs += 1)), 500);
    await vi.waitFor(() => expect(runs).toBeGreaterThan(1), { timeout: 20_000 });
    const client = new Redis(redis.url.reveal());
    stops.push(() => client.quit());

    await client.flushall();
    const before = runs;
    await vi.waitFor(() => expect(runs).toBeGreaterThan(before + 5), { timeout: 20_000 });
  });

  it('is run directly while the queue cannot be reached', async () => {
    let runs = 0;
    const nobodyListens: QueueStore = { redisUrl: new Secret('redis://127.0.0.1:1') };
    const backend = createQueueBackend(nobodyListens, log);
    const deps = { backend, log, machineClock: systemClock, patienceMs: 300 };
    const handle = () => Promise.resolve((runs += 1));
    stops.push(startScheduledJob(deps, { definition: jobs.detect, everyMs: 100, handle }));

    await vi.waitFor(() => expect(runs).toBeGreaterThan(1), { timeout: 20_000 });
  });
});
