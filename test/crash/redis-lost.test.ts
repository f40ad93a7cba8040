import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { escalateDueAlerts } from '../../src/alerts/escalate-due-alerts.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createQueueBackend } from '../../src/queue/backend.ts';
import * as jobs from '../../src/queue/jobs.ts';
import { startScheduledJob } from '../../src/queue/schedule.ts';
import { alertStories, minute } from '../support/alert-stories.ts';
import { useDatabase } from '../support/database.ts';
import { hasRedis, startRedis } from '../support/redis.ts';

const OPEN_ALERTS = 50;
const log = createLogger('silent');

/** The watchdog looks for the job after three missed periods, 20 s at least; here the 20 s are one, to end the test sooner. */
const PATIENCE_MS = 1_000;

describe.runIf(hasRedis())('fifty open alerts', () => {
  const database = useDatabase();
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });

  it('go on when Redis is emptied, when it is gone and when it is back, each step taken once', async () => {
    const redis = await startRedis({ 'maxmemory-policy': 'noeviction' });
    const story = alertStories(database, log);
    for (let i = 0; i < OPEN_ALERTS; i += 1) await story.raise(await story.home());

    const backend = createQueueBackend({ redisUrl: redis.url }, log);
    await backend.prepare();
    const handle = () => escalateDueAlerts(story.deps());
    const deps = { backend, log, machineClock: systemClock, patienceMs: PATIENCE_MS };
    stops.push(startScheduledJob(deps, { definition: jobs.escalate, everyMs: 200, handle }));
    const stepsTaken = async () => {
      const { rows } = await database.pool.query<{ step: number; alerts: number }>(
        `select (detail ->> 'step')::int as step, count(*)::int as alerts from alert_event where type = 'escalated'
         group by 1 order by 1`,
      );
      return rows;
    };
    const untilAllAt = (step: number) =>
      vi.waitUntil(
        async () => (await stepsTaken()).some((taken) => taken.step === step && taken.alerts === OPEN_ALERTS),
        {
          timeout: 60_000,
          interval: 100,
        },
      );

    const client = new Redis(redis.url.reveal());
    await client.flushall();
    await client.quit();
    story.clock.advanceTo(minute(15));
    await untilAllAt(1);

    await redis.stop();
    story.clock.advanceTo(minute(30));
    await untilAllAt(2);
    story.clock.advanceTo(minute(45));
    await untilAllAt(3);

    const back = await startRedis({ port: new URL(redis.url.reveal()).port });
    // Let go of after the jobs: without a Redis they would wait for it.
    stops.unshift(() => back.stop());
    story.clock.advanceTo(minute(60));
    await untilAllAt(4);

    expect(await stepsTaken()).toEqual([1, 2, 3, 4].map((step) => ({ step, alerts: OPEN_ALERTS })));
    const { rows } = await database.pool.query(
      'select count(*)::int as texts, count(distinct (alert_id, step, person_id))::int as owed from outbox',
    );
    expect(rows).toEqual([{ texts: OPEN_ALERTS * 7, owed: OPEN_ALERTS * 7 }]);
  });
});
