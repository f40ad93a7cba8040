import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { escalateDueAlerts } from '../../src/alerts/escalate-due-alerts.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createQueueBackend } from '../../src/queue/backend.ts';
import * as jobs from '../../src/queue/jobs.ts';
import { startScheduledJob } from '../../src/queue/schedule.ts';
import { DEFAULT_ESCALATION_POLICY, type EscalationPolicy } from '../../src/domain/alerting/escalation-policy.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/domain/time.ts';
import { logSmsGateway } from '../../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import { alertStories, LOW_USE, minute } from '../support/alert-stories.ts';
import { useDatabase } from '../support/database.ts';
import { byForm } from '../support/long-form.ts';
import { hasRedis, startRedis } from '../support/redis.ts';

const OPEN_ALERTS = 50;
const log = createLogger('silent');

/** The watchdog looks for the job after three missed periods, 20 s at least; here the 20 s are one, to end the test sooner. */
const PATIENCE_MS = 1_000;

/** The last step comes again and again after so long: in the short form four times as often as any policy may. */
const EVERY_MINUTES = byForm({ long: 1, short: 0.25 });
const OFTEN: EscalationPolicy = {
  ...DEFAULT_ESCALATION_POLICY,
  steps: [
    { afterMinutes: 0, ask: [{ role: 'guardian', position: 1 }] },
    { afterMinutes: EVERY_MINUTES, ask: [{ role: 'desk', position: 1 }] },
  ],
  repeatLastEveryMinutes: EVERY_MINUTES,
};
/** How long Redis is away, and how long is waited before and after it was emptied. */
const AWAY_MS = byForm({ long: 10, short: 1 }) * MINUTE_MS;
const A_WHILE_MS = byForm({ long: 120, short: 20 }) * SECOND_MS;
const BEFORE_MS = byForm({ long: 30, short: 10 }) * SECOND_MS;
/** So many steps each alert has surely come to: one may be a minute late, and Redis is away for most of them. */
const LEAST_STEPS = byForm({ long: 6, short: 2 });

describe.runIf(hasRedis())('fifty open alerts, by the clock on the wall and with the periods of the service', () => {
  const database = useDatabase();

  it(
    'take every step at most 60 s late and once, and their texts go out, when Redis is emptied and then gone',
    { timeout: 20 * MINUTE_MS },
    async () => {
      const redis = await startRedis({ 'maxmemory-policy': 'noeviction' });
      const story = alertStories(database, log);
      const gateway = logSmsGateway({ clock: systemClock, log });
      story.clock.advanceTo(systemClock.now());
      for (let i = 0; i < OPEN_ALERTS; i += 1) await story.raise(await story.home(), LOW_USE, OFTEN);
      const backend = createQueueBackend({ redisUrl: redis.url }, log);
      await backend.prepare();
      const deps = { pool: database.pool, clock: systemClock, log };
      const send = () => dispatchOutbox({ ...deps, gateway, publicBaseUrl: 'https://sw.example.org' });
      const machine = { backend, log, machineClock: systemClock };
      const stops = [
        startScheduledJob(machine, {
          definition: jobs.escalate,
          everyMs: 5_000,
          handle: () => escalateDueAlerts(deps),
        }),
        startScheduledJob(machine, { definition: jobs.dispatch, everyMs: 2_000, handle: send }),
      ];

      await setTimeout(BEFORE_MS);
      const client = new Redis(redis.url.reveal());
      await client.flushall();
      await client.quit();
      await setTimeout(A_WHILE_MS);
      await redis.stop();
      await setTimeout(AWAY_MS);

      const { rows: steps } = await database.pool.query<{ late: number; steps: number; twice: number }>(
        `with taken as (
             select alert_id, detail ->> 'step' as step, at - lag(at) over (partition by alert_id order by id) as after
             from alert_event where type = 'escalated'
           )
           select max(extract(epoch from after))::float8 - $1 as late, count(*)::int as steps,
                  (count(*) - count(distinct (alert_id, step)))::int as twice from taken`,
        [EVERY_MINUTES * 60],
      );
      const { rows: texts } = await database.pool.query<{ late: number; sent: number; attempts: number }>(
        `select max(extract(epoch from coalesce(settled_at, $1) - requested_at))::float8 as late,
                  (count(*) filter (where state = 'sent'))::int as sent,
                  sum((select count(*) from delivery where outbox_id = outbox.id))::int as attempts
           from outbox where requested_at < $1::timestamptz - make_interval(secs => $2)`,
        [systemClock.now(), EVERY_MINUTES * 60],
      );
      const back = await startRedis({ port: new URL(redis.url.reveal()).port });
      for (const stop of stops) await stop();
      await back.stop();

      expect(steps[0]!.late).toBeLessThanOrEqual(60);
      expect(steps[0]!.twice).toBe(0);
      expect(steps[0]!.steps).toBeGreaterThanOrEqual(OPEN_ALERTS * LEAST_STEPS);
      expect(texts[0]!.late).toBeLessThanOrEqual(60);
      expect(texts[0]!.sent).toBeGreaterThanOrEqual(OPEN_ALERTS * (LEAST_STEPS + 1));
      expect(texts[0]!.attempts).toBe(texts[0]!.sent);
    },
  );
});

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
