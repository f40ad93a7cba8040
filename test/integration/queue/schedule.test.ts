import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { openQueueStore } from '../../../src/main/queue-store.ts';
import { createQueueBackend, QUEUE_SCHEMA, type QueueStore } from '../../../src/queue/backend.ts';
import * as jobs from '../../../src/queue/jobs.ts';
import { startScheduledJob } from '../../../src/queue/schedule.ts';
import { startJobWaker } from '../../../src/queue/wake-job.ts';
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

/** As somebody would who finds it in the way: the queue itself refuses to give up a job of a schedule. */
async function deleteByHand(where: string, name: string, id: string): Promise<void> {
  if (where === 'PostgreSQL') {
    await database.pool.query(`delete from ${QUEUE_SCHEMA}.job where queue = $1 and id = $2`, [name, id]);
    return;
  }
  const client = new Redis(redis.url.reveal());
  await client.multi().zrem(`bull:${name}:delayed`, id).del(`bull:${name}:${id}`).exec();
  await client.quit();
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

  it('is woken by news long before its period is over, once for all that comes together', async () => {
    const backend = createQueueBackend(onPostgres(), log);
    await backend.prepare();
    let runs = 0;
    const handle = () => Promise.resolve((runs += 1));
    const deps = { backend, log, machineClock: systemClock };
    stops.push(startScheduledJob(deps, { definition: jobs.detect, everyMs: 3_600_000, handle }));
    const waker = startJobWaker(backend, jobs.detect, log);
    stops.push(() => waker.stop());
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 20_000 });

    for (let news = 0; news < 1_000; news += 1) waker.wake();
    await vi.waitFor(() => expect(runs).toBe(2), { timeout: 20_000 });
    waker.wake();
    await vi.waitFor(() => expect(runs).toBe(3), { timeout: 20_000 });
  });

  it('raises no alarm about its connections, however many queues and workers share them', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on('warning', keep);
    stops.push(() => Promise.resolve(process.off('warning', keep)));
    const { pool } = onPostgres() as Extract<QueueStore, { pool: unknown }>;
    const emitter = pool as unknown as NodeJS.EventEmitter;
    const idle = () => undefined;
    for (let part = 0; part < 2 * Object.keys(jobs).length + 10; part += 1) emitter.on('error', idle);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
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

  it.each(['PostgreSQL', 'Redis'])(
    'that somebody deletes in %s is scheduled again, and that is counted',
    async (where) => {
      if (where === 'Redis' && !redis.isPresent) return;
      const backend = createQueueBackend(where === 'Redis' ? { redisUrl: redis.url } : onPostgres(), log);
      await backend.prepare();
      const { name } = jobs.retention;
      const lost: string[] = [];
      const onLost = (job: string) => Promise.resolve(lost.push(job));
      const daily = { definition: jobs.retention, everyMs: 86_400_000, handle: () => Promise.resolve() };
      stops.push(startScheduledJob({ backend, log, machineClock: systemClock, onLost }, daily, 100));
      const queue = backend.queue(name);
      stops.push(() => queue.close());
      const tomorrows = async () => {
        const next = (await queue.getJobScheduler(name))?.next ?? 0;
        const id = `repeat:${name}:${next}`;
        return next > Date.now() && (await queue.getJob(id)) ? id : undefined;
      };
      const id = await vi.waitUntil(tomorrows, { timeout: 20_000 });
      lost.length = 0;

      await deleteByHand(where, name, id);
      await vi.waitUntil(tomorrows, { timeout: 20_000 });
      expect(lost).toContain(name);
    },
  );

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
