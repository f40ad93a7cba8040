import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createHeadEnd } from '../../simulator/head-end/head-end.ts';
import type { MeterMessage } from '../../simulator/town/message-stream.ts';
import { createTown } from '../../simulator/town/town.ts';
import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { startIngest } from '../../src/ingest/start-ingest.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../src/main/embedded/broker.ts';
import { importRoster } from '../../src/roster/import-roster.ts';
import { type TestDatabase, useDatabase } from '../support/database.ts';

const inOrder = useDatabase();
const shuffled = useDatabase();
const log = createLogger('error');
const START = new Date('2026-03-01T16:00:00Z');
const END = new Date(START.getTime() + 3 * DAY_MS);

/** Three days of a small town in which somebody stops using water, a tap is left running and one meter is flaky. */
const town = createTown({
  seed: 11,
  homes: 12,
  startAt: START,
  dailyUploadShare: 0.2,
  faults: { late: 0.02, lateByHours: 3, repeated: 0.05, outOfOrder: 0.03, lost: 0.01, exchanged: 0, skewedClock: 0 },
  incidents: [
    { kind: 'stops', homeCode: 'SW-0003', from: new Date(START.getTime() + 40 * HOUR_MS) },
    {
      kind: 'tap_left_running',
      homeCode: 'SW-0005',
      from: new Date(START.getTime() + 60 * HOUR_MS),
      litresPerHour: 240,
    },
  ],
});
const lived = [...town.messagesBetween(START, END)];

let broker: EmbeddedBroker;
beforeAll(async () => {
  broker = await startEmbeddedBroker();
});
afterAll(() => broker.stop());

/** A whole service but its texts, with the town's roster, at the end of the third day. */
async function serviceOn(database: TestDatabase, clientId: string) {
  const deps = { pool: database.pool, clock: handTurnedClock(END), log };
  const csv: Readonly<Record<string, string>> = { ...town.rosterCsv() };
  const files = Object.fromEntries(Object.entries(csv).map(([kind, text]) => [kind, { path: `${kind}.csv`, text }]));
  const report = await importRoster(deps, files, {
    phoneCountries: ['CN'],
    defaultTimeZone: 'Asia/Shanghai',
    actor: 'test',
  });
  expect(report.ok).toBe(true);
  const ingest = await startIngest({ ...deps, mqtt: { url: broker.url, clientId: `ingest-${clientId}` } });
  const headEnd = await createHeadEnd({ url: broker.url, clientId: `head-end-${clientId}` });

  return {
    async hear(messages: readonly MeterMessage[]) {
      await headEnd.publish(messages);
      await vi.waitFor(() => expect(ingest.stats().messages).toBeGreaterThanOrEqual(headEnd.counts().acknowledged));
      await runDetectors({ ...deps, policies: tierPolicies() });
    },
    async stop() {
      await headEnd.close();
      await ingest.stop();
    },
  };
}

/** What the service knows of the town, without the numbers and times of its own that differ from run to run. */
async function known({ pool }: TestDatabase) {
  const ask = async (text: string) => (await pool.query(text)).rows as unknown[];
  return {
    readings: await ask(
      `select serial, read_at, index_l from register_reading join meter on meter.id = meter_id order by 1, 2`,
    ),
    findings: await ask(
      `select code, detector, began_at, ended_at, evidence from finding join household on household.id = household_id
       where withdrawn_at is null order by 1, 2, 3`,
    ),
    alerts: await ask(
      `select code, state, severity, detector, evidence from alert join household on household.id = household_id order by 1`,
    ),
    texts: await ask(`select phone, intent, step from outbox join person on person.id = person_id order by 1, 2, 3`),
    quarantined: await ask('select reason from quarantined_message'),
  };
}

it('knows the same of a town whose days come again five times, and in any order', async () => {
  const service = await serviceOn(inOrder, 'in-order');
  await service.hear(lived);
  const expected = await known(inOrder);
  expect(expected.alerts).toMatchObject([
    { code: 'SW-0003', detector: 'inactivity' },
    { code: 'SW-0005', detector: 'running-water' },
  ]);
  expect(expected.quarantined).toEqual([]);

  for (let time = 1; time <= 5; time += 1) await service.hear(time % 2 === 0 ? shuffle(lived, time) : lived);
  expect(await known(inOrder)).toEqual(expected);
  await service.stop();

  const other = await serviceOn(shuffled, 'shuffled');
  const mixed = shuffle(lived, 7);
  for (let from = 0; from < mixed.length; from += 97) await other.hear(mixed.slice(from, from + 97));
  expect({ ...(await known(shuffled)), texts: [], alerts: [] }).toEqual({ ...expected, texts: [], alerts: [] });
  expect(await openAlerts(shuffled)).toEqual(['SW-0003 inactivity', 'SW-0005 running-water']);
  await other.stop();
});

async function openAlerts({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select distinct code || ' ' || finding.detector as line from alert
     join household on household.id = alert.household_id join finding on finding.alert_id = alert.id
     where state <> 'closed' and withdrawn_at is null order by 1`,
  );
  return rows.map(({ line }) => line);
}

/** Always the same disorder for the same number. */
function shuffle<T>(things: readonly T[], seed: number): T[] {
  const place = (i: number) => Math.imul(i + 1, 2_654_435_761 ^ (seed * 40_503)) >>> 0;
  return things
    .map((thing, i) => ({ thing, at: place(i) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}
