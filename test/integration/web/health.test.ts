import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { saveHomeWatches } from '../../../src/db/home-watch.ts';
import { createPool } from '../../../src/db/pool.ts';
import type { DbPool } from '../../../src/db/sql.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { createApp } from '../../../src/web/app.ts';
import { healthRoutes } from '../../../src/web/health/health-routes.ts';
import { createMetrics, type Metrics } from '../../../src/web/health/metrics.ts';
import type { ReadinessChecks } from '../../../src/web/health/readiness.ts';
import { checkPages, type CheckPages, START } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const log = createLogger('silent');
const opened: FastifyInstance[] = [];
let pages: CheckPages;

beforeAll(() => {
  pages = checkPages(database.pool);
});
afterAll(() => Promise.all(opened.map((app) => app.close())));

async function serverWith(checks: ReadinessChecks, metrics: Metrics = createMetrics()): Promise<FastifyInstance> {
  const app = await createApp({
    log,
    parts: async (instance) => {
      await instance.register(healthRoutes, { log, checks, metrics });
    },
  });
  opened.push(app);
  return app;
}

async function scrape(pool: DbPool, observe: (metrics: Metrics) => void = () => undefined): Promise<string> {
  const metrics = createMetrics();
  metrics.collectFrom(pool, pages.clock);
  observe(metrics);
  const app = await serverWith({}, metrics);
  const { statusCode, body, headers } = await app.inject('/metrics');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toContain('text/plain');
  return body;
}

describe('health', () => {
  it('is live whatever else is wrong, and ready only when every part is', async () => {
    const well = await serverWith({ database: () => database.pool.query('select 1') });
    const ill = await serverWith({
      database: () => database.pool.query('select 1'),
      queue: () => Promise.reject(new Error('redis://user:password@host refused')),
    });

    expect((await ill.inject('/health/live')).statusCode).toBe(200);
    expect((await well.inject('/health/ready')).json()).toEqual({ status: 'ready', parts: ['database'] });
    const unready = await ill.inject('/health/ready');
    expect(unready.statusCode).toBe(503);
    expect(unready.json()).toEqual({ status: 'not_ready', notReady: ['queue'] });
    expect(unready.body).not.toContain('password');
  });
});

describe('metrics', () => {
  it('tell how the service stands, and nothing of homes, people or phones', async () => {
    const check = await pages.openCheck();
    const { home } = check;
    await check.answer('neighbour', 'needs_help');
    await database.pool.query(
      `insert into home_watch (household_id, verdict, judged_at, last_read_at, next_check_at)
       values ($1, 'NOT_USED', $2, $3, $2)`,
      [home.id, START, new Date(START.getTime() - 1_800_000)],
    );
    await database.pool.query(
      `insert into quarantined_message (received_at, source, topic, payload, payload_bytes, reason, serial, replayed_at)
       values ($1, 'mqtt', 'x', '', 0, 'not_json', null, null), ($1, 'mqtt', 'x', '', 0, 'not_json', null, null),
              ($1, 'mqtt', 'x', '', 0, 'not_json', null, $1), ($1, 'mqtt', 'x', '', 0, 'unknown_meter', 'WM-1', null),
              ($1, 'mqtt', 'x', '', 0, 'unknown_meter', 'WM-2', null),
              ($1, 'mqtt', 'x', '', 0, 'unknown_meter', 'WM-2', null),
              ($1, 'mqtt', 'x', '', 0, 'unknown_meter', 'WM-3', $1)`,
      [START],
    );
    await database.pool.query('insert into ingest_batch (received_at, meter_ids, first_read_at) values ($1, $2, $3)', [
      new Date(START.getTime() - 20_000),
      [home.meterId],
      [START],
    ]);
    await database.pool.query(
      `insert into delivery (outbox_id, gateway, status, parts, started_at, updated_at)
       select min(id), 'log', 'delivered', 1, $1, $1 from outbox`,
      [START],
    );
    await database.pool.query(
      `insert into ticket (meter_id, household_id, kind, opened_at, evidence) values ($1, $2, 'meter_silent', $3, '{}')`,
      [home.meterId, home.id, START],
    );
    await pages.openCheck();
    pages.clock.advanceTo(new Date(START.getTime() + 16 * 60_000));

    const body = await scrape(database.pool, (metrics) => {
      metrics.observeDetectorRun(0.3, 12);
      metrics.countStored(500);
      metrics.observeReadingAge(40);
    });
    const lines = body.split('\n');
    for (const line of [
      'stillwater_database_up 1',
      'stillwater_homes{verdict="NOT_USED"} 1',
      'stillwater_homes{verdict="NOT_YET_JUDGED"} 1',
      'stillwater_unwatched_homes{tier="2"} 1',
      'stillwater_newest_reading_age_seconds 2760',
      'stillwater_batches_waiting 1',
      'stillwater_batch_oldest_age_seconds 980',
      'stillwater_quarantined_messages{reason="not_json"} 2',
      'stillwater_unknown_meters 2',
      'stillwater_alerts_open{state="open",severity="emergency"} 1',
      'stillwater_alerts_open{state="open",severity="urgent"} 1',
      'stillwater_escalation_overdue_seconds 60',
      'stillwater_outbox_waiting 3',
      'stillwater_outbox_overdue_seconds 960',
      'stillwater_deliveries{status="delivered"} 1',
      'stillwater_tickets_open{kind="meter_silent"} 1',
      'stillwater_detector_run_seconds_sum 0.3',
      'stillwater_homes_judged_total 12',
      'stillwater_readings_stored_total 500',
      'stillwater_reading_age_seconds_bucket{le="60"} 1',
    ]) {
      expect(lines).toContain(line);
    }
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toMatch(/SW-\d|\+86|138\d{8}|张/);
  });

  it('tell by tier how many homes nobody can watch, and count their hours, also when they are over', async () => {
    const hour = (n: number) => new Date(START.getTime() + n * HOUR_MS);
    const { home } = await pages.openCheck();
    await database.pool.query('update household set tier = 3 where id = $1', [home.id]);
    const judge = (verdict: 'CANNOT_TELL' | 'USED', at: Date) =>
      saveHomeWatches(
        database.pool,
        [{ householdId: home.id, verdict, lastReadAt: at, lastReceivedAt: at, lastUseAt: at, nextCheckAt: at }],
        at,
      );
    const unwatchedAt = async (at: Date) => {
      const metrics = createMetrics();
      metrics.collectFrom(database.pool, handTurnedClock(at));
      return (await metrics.render())
        .split('\n')
        .filter((line) => /^stillwater_unwatched_(hours|homes.*tier="3")/.test(line));
    };
    expect(await unwatchedAt(hour(0))).toEqual([
      'stillwater_unwatched_homes{tier="3"} 1',
      'stillwater_unwatched_hours_total 0',
    ]);
    await judge('CANNOT_TELL', hour(1));
    const blind = ['stillwater_unwatched_homes{tier="3"} 1', 'stillwater_unwatched_hours_total 2.5'];
    expect(await unwatchedAt(hour(3.5))).toEqual(blind);
    await judge('USED', hour(5));
    expect(await unwatchedAt(hour(30))).toEqual(['stillwater_unwatched_hours_total 4']);
    await judge('CANNOT_TELL', hour(31));
    expect(await unwatchedAt(hour(32))).toContain('stillwater_unwatched_hours_total 5');
    const body = await scrape(database.pool);
    expect(body).toContain('# TYPE stillwater_unwatched_hours_total counter');
    expect(body).toContain('# TYPE stillwater_unwatched_homes gauge');
  });

  it('let a figure that has gone go', async () => {
    const metrics = createMetrics();
    metrics.collectFrom(database.pool, pages.clock);
    expect(await metrics.render()).toContain('stillwater_tickets_open{kind="meter_silent"} 1');

    await database.pool.query('update ticket set closed_at = $1', [START]);
    expect(await metrics.render()).not.toContain('stillwater_tickets_open{');
  });

  it('still tell of the process when the database is away', async () => {
    const gone = createPool(new Secret('postgres://nobody@127.0.0.1:1/none'), 1, log);
    const body = await scrape(gone);
    await gone.end();

    expect(body.split('\n')).toContain('stillwater_database_up 0');
    expect(body).not.toMatch(/^stillwater_homes\{/m);
    expect(body).toContain('process_cpu_seconds_total');
  });
});
