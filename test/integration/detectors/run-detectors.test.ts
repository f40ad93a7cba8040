import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordVerification } from '../../../src/alerts/record-verification.ts';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { runDetectors } from '../../../src/detectors/run-detectors.ts';
import { useDatabase } from '../../support/database.ts';
import { fixedRules } from '../../support/fixed-rules.ts';
import { failingAt } from '../../support/failing-pool.ts';
import { hourlyReadings, type Reading, storeForTest } from '../../support/readings.ts';
import { type Home, townIn } from '../../support/town.ts';

const database = useDatabase();
const town = townIn(() => database.pool);
const START = new Date('2026-03-01T00:00:00Z');
const log = createLogger('error');
const policies = fixedRules();

let clock: HandTurnedClock;
let homes = 0;
const afterHours = (hours: number) => new Date(START.getTime() + hours * 3_600_000);
const deps = () => ({ pool: database.pool, clock, log, policies });

async function newHome(): Promise<Home> {
  homes += 1;
  const people = { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } } as const;
  return town.home({ code: `H${homes}`, monitoredFrom: START, people });
}

async function arrive(home: Home, readings: readonly Reading[], atHour: number) {
  clock.advanceTo(afterHours(atHour));
  await storeForTest(database.pool, home, readings, clock.now());
  return runDetectors(deps());
}

async function rows(statement: string, home: Home) {
  const { rows: found } = await database.pool.query(statement, [home.id]);
  return found as Record<string, unknown>[];
}

const findingsOf = (home: Home) =>
  rows(
    `select detector, began_at, ended_at, withdrawn_at is not null as withdrawn from finding
     where household_id = $1 order by detector, began_at, id`,
    home,
  );
const standingOf = async (home: Home) => (await findingsOf(home)).filter(({ withdrawn }) => withdrawn === false);
const alertsOf = (home: Home) =>
  rows(
    `select state, severity, detector, recovered_at, close_outcome, next_step_at from alert
     where household_id = $1 order by id`,
    home,
  );
const owedOf = (home: Home) =>
  rows(
    `select outbox.intent, outbox.role, outbox.step from outbox join alert on alert.id = alert_id
     where household_id = $1 order by outbox.id`,
    home,
  );
const watchOf = async (home: Home) => (await rows('select * from home_watch where household_id = $1', home))[0];
const ticketsOf = (home: Home) => rows('select kind, closed_at from ticket where household_id = $1 order by id', home);

const morning = Array.from({ length: 10 }, () => 12);
const stillFor = (hours: number) => Array.from({ length: hours }, () => 0);

beforeEach(() => {
  clock = handTurnedClock(START);
});

describe('a home that goes still', () => {
  it('gets one alert with its reason, and its guardian and contact are owed a text each', async () => {
    const home = await newHome();
    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(25)]), 35);

    expect(await alertsOf(home)).toMatchObject([{ state: 'open', severity: 'urgent', detector: 'low-use' }]);
    expect(await owedOf(home)).toEqual([
      { intent: 'check_request', role: 'guardian', step: 0 },
      { intent: 'check_request', role: 'contact', step: 0 },
    ]);
    expect(await watchOf(home)).toMatchObject({ verdict: 'NOT_USED', last_use_at: afterHours(10) });
  });

  it('is not alerted again by the same readings, nor by further hours of stillness', async () => {
    const home = await newHome();
    const readings = hourlyReadings(START, [...morning, ...stillFor(30)]);
    for (const hour of [35, 36, 36, 36, 40]) await arrive(home, readings.slice(0, hour + 1), hour);

    expect(await alertsOf(home)).toHaveLength(1);
    expect(await standingOf(home)).toHaveLength(1);
    expect(await owedOf(home)).toHaveLength(2);
  });

  it('stays alerted when water comes back, and says that it came back', async () => {
    const home = await newHome();
    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(25)]), 35);
    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(25), 9]), 36);

    expect(await alertsOf(home)).toMatchObject([{ state: 'open', recovered_at: afterHours(36) }]);
  });

  it('is alerted anew a full day after a home check if still no water runs', async () => {
    const home = await newHome();
    const readings = hourlyReadings(START, [...morning, ...stillFor(60)]);
    await arrive(home, readings.slice(0, 36), 35);
    const { rows: open } = await database.pool.query('select id from alert where household_id = $1', [home.id]);
    const alertId = (open[0] as { id: number }).id;
    const personId = home.people['neighbour']!.id;
    await recordVerification(deps(), { alertId, personId, outcome: 'safe', method: 'in_person', note: '' });

    await arrive(home, readings.slice(0, 59), 58);
    expect(await alertsOf(home)).toHaveLength(1);
    await arrive(home, readings.slice(0, 61), 60);
    expect(await alertsOf(home)).toMatchObject([{ state: 'closed', close_outcome: 'safe' }, { state: 'open' }]);
  });
});

describe('readings that come late', () => {
  it('take a false alert back with the cause late_data and tell those who were texted', async () => {
    const home = await newHome();
    const [first, ...rest] = hourlyReadings(START, [...morning, ...stillFor(25)]);
    const truth = hourlyReadings(START, [...morning, ...stillFor(9), 8, ...stillFor(25)]);
    await arrive(home, [first!, ...rest], 35);
    await database.pool.query(`update outbox set state = 'sent'`);

    // The meter had been exchanged for a moment: its true readings arrive, and among them a use.
    await database.pool.query('delete from register_reading where meter_id = $1', [home.meterId]);
    await arrive(home, truth.slice(0, 36), 36);

    expect(await alertsOf(home)).toMatchObject([{ state: 'closed', close_outcome: 'late_data' }]);
    expect((await owedOf(home)).filter(({ intent }) => intent === 'stand_down')).toHaveLength(2);
  });

  it('of last month open findings but wake nobody', async () => {
    const home = await newHome();
    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(40), ...morning, ...morning]), 70);

    expect(await standingOf(home)).toHaveLength(1);
    expect(await alertsOf(home)).toEqual([]);
  });

  it('lead to the same findings in any order and in any batches', async () => {
    const lived = [...morning, ...stillFor(30), ...morning, 210, 220, 215, ...stillFor(6), ...morning];
    const readings = hourlyReadings(START, lived);
    const inOrder = await newHome();
    await arrive(inOrder, readings, 80);
    const expected = await standingOf(inOrder);
    expect(expected.map(({ detector }) => detector)).toEqual(['low-use', 'running-water']);

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(readings, { minLength: readings.length }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        async (shuffled, sizes, repeat) => {
          const home = await newHome();
          for (let from = 0, i = 0; from < shuffled.length; i += 1) {
            const size = sizes[i % sizes.length] ?? 1;
            const batch = shuffled.slice(from, from + size);
            await arrive(home, repeat ? [...batch, ...shuffled.slice(0, 3)] : batch, 80);
            from += size;
          }
          expect(await standingOf(home)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('a meter that falls silent', () => {
  it('becomes a ticket and an unwatched home, never an alert', async () => {
    const home = await newHome();
    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(3)]), 13);
    clock.advanceTo(afterHours(38));
    await runDetectors(deps());
    expect(await ticketsOf(home)).toEqual([]);

    clock.advanceTo(afterHours(39));
    await runDetectors(deps());
    await runDetectors(deps());

    expect(await ticketsOf(home)).toEqual([{ kind: 'meter_silent', closed_at: null }]);
    expect(await alertsOf(home)).toEqual([]);
    expect(await watchOf(home)).toMatchObject({ verdict: 'CANNOT_TELL', unwatched_since: afterHours(39) });
  });

  it('has its ticket closed when it is heard again', async () => {
    const home = await newHome();
    const readings = hourlyReadings(
      START,
      Array.from({ length: 60 }, (_, hour) => (hour % 3 === 0 ? 9 : 0)),
    );
    await arrive(home, readings.slice(0, 10), 10);
    clock.advanceTo(afterHours(40));
    await runDetectors(deps());
    await arrive(home, readings.slice(0, 42), 41);

    expect(await ticketsOf(home)).toEqual([{ kind: 'meter_silent', closed_at: afterHours(41) }]);
    expect(await watchOf(home)).toMatchObject({ verdict: 'USED', unwatched_since: null });
  });

  it('is noticed though it never spoke', async () => {
    const home = await newHome();
    clock.advanceTo(afterHours(27));
    await runDetectors(deps());

    expect(await ticketsOf(home)).toHaveLength(1);
  });
});

describe('an absence', () => {
  it('keeps a still home quiet, and ends with the first water', async () => {
    const home = await newHome();
    await database.pool.query(
      `insert into absence (household_id, away_from, away_until, source) values ($1, $2, $3, 'operator')`,
      [home.id, afterHours(10), afterHours(200)],
    );
    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(40)]), 50);
    expect(await alertsOf(home)).toEqual([]);

    await arrive(home, hourlyReadings(START, [...morning, ...stillFor(40), 0, 11]), 52);
    expect(await rows('select ended_by, ended_at from absence where household_id = $1', home)).toEqual([
      { ended_by: 'water', ended_at: afterHours(52) },
    ]);
  });
});

describe('a run of the detectors', () => {
  it('judges again what a run that died had not finished', async () => {
    const home = await newHome();
    clock.advanceTo(afterHours(35));
    await storeForTest(database.pool, home, hourlyReadings(START, [...morning, ...stillFor(25)]), clock.now());
    const pool = failingAt(database.pool, /home_watch as known/);
    await expect(runDetectors({ ...deps(), log: createLogger('silent'), pool })).rejects.toThrow('unreachable');
    await runDetectors(deps());

    expect(await alertsOf(home)).toHaveLength(1);
  });
});
