import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import { loadConfig } from '../../src/config/config.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { createPool } from '../../src/db/pool.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { HOUR_MS, SECOND_MS } from '../../src/domain/time.ts';
import { brokerUrl, startInfrastructure } from '../../src/main/infrastructure.ts';
import { startService } from '../../src/main/service.ts';
import { askForOptions } from '../ask-for-options.ts';
import { daysArrive, endOfDay, makeTown } from '../detectors/town.ts';
import { percentile } from '../percentile.ts';
import { HELP, parseOptions } from './options.ts';

/** So much is known of each home. */
const HISTORY_DAYS = 7;
const LOOKS_EVERY_MS = 100;
const PUBLISHES_EVERY_MS = 10;
const WAITS_AT_MOST_MS = 60 * SECOND_MS;

/** Measures from the moment at which a reading is handed to the broker until its home's verdict is committed. */
async function main(): Promise<void> {
  const { rate, seconds, json } = askForOptions(parseOptions, HELP);
  const waits = await measure(rate, rate * seconds);
  const result = {
    rate,
    readings: rate * seconds,
    judged: waits.length,
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
    maxMs: percentile(waits, 1),
  };
  process.stdout.write(
    `${rate} messages/s: ${result.judged} of ${result.readings} judged; reading to verdict p50 ${result.p50Ms} ms, ` +
      `p99 ${result.p99Ms} ms, longest ${result.maxMs} ms\n`,
  );
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** The waiting times of all homes that were judged, in milliseconds. */
async function measure(rate: number, homes: number): Promise<number[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-bench-'));
  await chmod(dataDir, 0o755);
  const config = loadConfig({
    STILLWATER_DATA_DIR: dataDir,
    HTTP_PORT: '0',
    EMBEDDED_MQTT_PORT: '0',
    LOG_LEVEL: 'error',
  });
  const log = createLogger('error');
  const infrastructure = await startInfrastructure(config, log, { needsBroker: true, isThrownAway: false });
  try {
    const service = await startService({
      config,
      clock: systemClock,
      log,
      roles: ['ingest', 'detect'],
      infrastructure,
    });
    const pool = createPool(new Secret(infrastructure.databaseUrl.reveal()), 2, log, {
      answerWithinMs: WAITS_AT_MOST_MS,
    });
    try {
      const shiftMs = await settle(pool, homes);
      await service.scheduleJobs();
      while (!(await everyHomeIsJudged(pool, homes))) await delay(SECOND_MS);
      return await sendAndWatch(pool, brokerUrl(infrastructure), {
        rate,
        homes,
        atMs: endOfDay(HISTORY_DAYS).getTime() + shiftMs + HOUR_MS,
      });
    } finally {
      await pool.end();
      await service.stop();
    }
  } finally {
    await infrastructure.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A town whose history ends an hour ago. Returns by how much it was moved in time. */
async function settle(pool: DbPool, homes: number): Promise<number> {
  await makeTown(pool, homes);
  await daysArrive(pool, homes, 0, HISTORY_DAYS);
  const shiftMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS - endOfDay(HISTORY_DAYS).getTime();
  const shift = `${shiftMs} milliseconds`;
  await pool.query(
    'update register_reading set read_at = read_at + $1::interval, received_at = received_at + $1::interval',
    [shift],
  );
  await pool.query('update household set monitored_from = monitored_from + $1::interval', [shift]);
  await pool.query('update meter_binding set bound_from = bound_from + $1::interval', [shift]);
  await pool.query('vacuum analyze');
  return shiftMs;
}

async function everyHomeIsJudged(pool: DbPool, homes: number): Promise<boolean> {
  const { rows } = await pool.query<{ count: number }>('select count(*) as count from home_watch');
  return rows[0]?.count === homes;
}

/** Sends a reading of each home, evenly, and looks often whose verdict goes by it already. */
async function sendAndWatch(
  pool: DbPool,
  url: string,
  { rate, homes, atMs }: { readonly rate: number; readonly homes: number; readonly atMs: number },
): Promise<number[]> {
  const client = await mqtt.connectAsync(url, { clientId: 'bench-meters' });
  const sentMs = new Map<number, number>();
  const waits: number[] = [];
  const at = new Date(atMs).toISOString();
  const stood = await pool.query<{ index_l: number }>(
    'select max(index_l) as index_l from register_reading group by meter_id order by meter_id',
  );
  const startedMs = performance.now();
  const publishing = setInterval(() => {
    const due = Math.min(homes, Math.floor(((performance.now() - startedMs) * rate) / SECOND_MS));
    for (let home = sentMs.size + waits.length + 1; home <= due; home += 1) {
      const payload = JSON.stringify({ meter: `B-${home}`, at, index_l: (stood.rows[home - 1]?.index_l ?? 0) + 5 });
      sentMs.set(home, performance.now());
      client.publish(`meters/B-${home}/readings`, payload, { qos: 1 });
    }
  }, PUBLISHES_EVERY_MS);
  const givesUpMs = startedMs + (homes / rate) * SECOND_MS + WAITS_AT_MOST_MS;
  while (waits.length < homes && performance.now() < givesUpMs) {
    await delay(LOOKS_EVERY_MS);
    const { rows } = await pool.query<{ household_id: number }>(
      'select household_id from home_watch where last_read_at = $1 and household_id = any ($2)',
      [at, [...sentMs.keys()]],
    );
    const nowMs = performance.now();
    for (const { household_id: home } of rows) {
      waits.push(Math.round(nowMs - (sentMs.get(home) ?? nowMs)));
      sentMs.delete(home);
    }
  }
  clearInterval(publishing);
  await client.endAsync();
  return waits;
}

await main();
