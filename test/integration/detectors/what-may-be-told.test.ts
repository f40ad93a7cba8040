import { beforeEach, describe, expect, it } from 'vitest';
import { recordVerification } from '../../../src/alerts/record-verification.ts';
import { excusesOf } from '../../../src/db/home-series.ts';
import { homesDueForCheck } from '../../../src/db/home-watch.ts';
import { useDatabase } from '../../support/database.ts';
import { fixedRules } from '../../support/fixed-rules.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Outcome } from '../../../src/domain/alerting/outcome.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, SHARDS, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);

beforeEach(() => {
  street.restart();
});

const goesStill = [...each(10, 12), ...each(90, 0)];

async function answer(home: Home, outcome: Outcome): Promise<void> {
  const [alert] = (await street.alertsOf(home)).slice(-1);
  const personId = home.people['neighbour']!.id;
  const awayUntil = afterHours(900);
  const found = { outcome, method: 'in_person' as const, note: '', awayUntil };
  await recordVerification(street.deps(), { alertId: alert!['id'] as number, personId, ...found });
}

describe('a long gap', () => {
  it('in which the register stood still is known stillness, though its two ends came days apart', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, goesStill);
    await street.arrive(home, readings.slice(0, 12), 11);
    await street.arrive(home, [readings[60]!], 60);

    expect(await street.alertsOf(home)).toMatchObject([{ state: 'open', detector: 'low-use' }]);
    expect(await street.standingOf(home)).toEqual([{ detector: 'low-use', began: afterHours(60), ended: null }]);
  });

  it('in which the register moved wakes nobody for the stillness before it', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, goesStill);
    await street.arrive(home, readings.slice(0, 40), 68);
    expect(await street.standingOf(home)).toMatchObject([{ detector: 'low-use', ended: null }]);
    expect(await street.alertsOf(home)).toEqual([]);

    await street.arrive(home, [{ at: afterHours(69), indexLitres: 5_160 }], 69);
    expect(await street.watchOf(home)).toMatchObject({ verdict: 'CANNOT_TELL' });
    expect(await street.alertsOf(home)).toEqual([]);
  });
});

describe('an alert', () => {
  it('is not taken back because a faulty register leaves the stillness unproved', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, goesStill);
    await street.arrive(home, readings.slice(0, 36), 35);
    for (const [hour, litres] of [
      [20, 5_000],
      [21, 5_010],
      [22, 5_005],
    ] as const) {
      const conflict = 'insert into reading_conflict values ($1, $2, $3, $2)';
      await database.pool.query(conflict, [home.meterId, afterHours(hour), litres]);
    }
    await street.arrive(home, readings.slice(36, 37), 36);
    expect(await street.watchOf(home)).toMatchObject({ verdict: 'CANNOT_TELL' });
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'open', recovered_at: null }]);
    expect(await street.standingOf(home)).toHaveLength(1);

    await street.arrive(home, [{ at: afterHours(38), indexLitres: 5_140 }], 38);
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'open', recovered_at: afterHours(38) }]);
    expect(await street.standingOf(home)).toMatchObject([{ ended: afterHours(38) }]);
  });

  it('names the true last use when it is raised anew days later', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, goesStill);
    await street.arrive(home, readings.slice(0, 34), 33);
    for (let hour = 34; hour <= 62; hour += 1) {
      await street.arrive(home, readings.slice(hour, hour + 1), hour);
      if (hour === 35) await answer(home, 'safe');
    }

    expect(await street.alertsOf(home)).toMatchObject([
      { evidence: { lastUseAtMs: afterHours(10).getTime() } },
      { state: 'open', evidence: { lastUseAtMs: afterHours(10).getTime() } },
    ]);
  });

  it('is not raised on readings from before somebody looked, though they come after', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, [...goesStill.slice(0, 34), 220, 230]);
    await street.arrive(home, readings.slice(0, 35), 34);
    await street.run(37);
    await answer(home, 'safe');
    await street.arrive(home, readings, 37.5);

    expect(await street.standingOf(home)).toMatchObject([
      { detector: 'low-use' },
      { detector: 'running-water', ended: null },
    ]);
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'closed', detector: 'low-use' }]);
  });
});

describe('findings that were over before the new readings', () => {
  it('are not found a second time because another finding has the past looked at again', async () => {
    const home = await street.home();
    const policies = fixedRules({
      2: {
        lowUse: { windowHours: 4, floorLitres: 6, minCoverage: 0.9 },
        runningWater: { flows: [], volumes: [{ hours: 48, litres: 500 }] },
      },
    });
    const nowAndThen = (hours: number) => Array.from({ length: hours }, (_, hour) => (hour % 3 === 0 ? 30 : 0));
    const lived = [600, ...nowAndThen(18), 600, ...nowAndThen(37), ...each(40, 0)];
    const readings = hourlyReadings(START, lived);
    let known = 0;
    for (const hour of [30, 57, 62, 68, 69, 80]) {
      await street.store(home, readings.slice(known, hour + 1), hour);
      await street.run(hour, { policies });
      known = hour + 1;
    }

    expect(await street.standingOf(home)).toEqual([
      { detector: 'low-use', began: afterHours(61), ended: null },
      { detector: 'running-water', began: afterHours(1), ended: afterHours(68) },
    ]);
  });
});

describe('what explains little water', () => {
  it('is looked up from the time on that the rules look back to, and not from the beginning of the watch', async () => {
    const home = await street.home();
    await database.pool.query(
      `insert into absence (household_id, away_from, away_until, source, ended_at, ended_by) values
         ($1, $2, $3, 'operator', null, null), ($1, $3, $5, 'operator', $4, 'person'), ($1, $4, $5, 'operator', null, null)`,
      [home.id, afterHours(0), afterHours(10), afterHours(20), afterHours(90)],
    );
    const excuses = await excusesOf(database.pool, [{ householdId: home.id, since: afterHours(20) }]);

    expect(excuses.map(({ fromAt, untilAt }) => [fromAt, untilAt])).toEqual([
      [afterHours(10), afterHours(20)],
      [afterHours(20), afterHours(90)],
    ]);
  });

  it('leaves out home checks of last year, and answers that found nobody', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, goesStill);
    await street.arrive(home, readings.slice(0, 36), 35);
    await answer(home, 'could_not_reach');
    const checksSince = (hours: number) =>
      excusesOf(database.pool, [{ householdId: home.id, since: afterHours(hours) }]);
    expect(await checksSince(0)).toEqual([]);

    for (const [outcome, hour] of [
      ['safe', 35],
      ['false_alarm', 62],
      ['away', 90],
    ] as const) {
      await street.arrive(home, readings.slice(36, hour + 1), hour);
      await answer(home, outcome);
      const check = { householdId: home.id, kind: 'check', fromAt: afterHours(hour), untilAt: afterHours(hour) };
      expect(await checksSince(hour)).toContainEqual(check);
      expect((await checksSince(hour + 0.1)).filter(({ kind }) => kind === 'check')).toEqual([]);
    }
  });
});

describe('the watch list', () => {
  it('leaves alone a home whose watch has been put off, and one whose watch is over', async () => {
    const putOff = await street.home();
    const over = await street.home();
    await street.run(1);
    await database.pool.query('update household set monitored_from = $2 where id = $1', [putOff.id, afterHours(900)]);
    await database.pool.query('update household set monitored_until = $2 where id = $1', [over.id, afterHours(40)]);
    const due = (await homesDueForCheck(database.pool, SHARDS, afterHours(500), 5_000)).map(
      ({ householdId }) => householdId,
    );

    expect(due).not.toContain(putOff.id);
    expect(due).not.toContain(over.id);
    expect(due.length).toBeGreaterThan(0);
  });
});

describe('a run over many homes', () => {
  /** How many statements a run needs. */
  async function statementsOf(count: number): Promise<number> {
    for (let i = 0; i < count; i += 1) {
      await street.store(await street.home(), hourlyReadings(START, each(20, 5)), 20);
    }
    let statements = 0;
    const counting = new Proxy(database.pool, {
      get(target, name) {
        if (name === 'query') statements += 1;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    await street.run(20, { pool: counting });
    return statements;
  }

  it('costs no statement more for a home in which all is well', async () => {
    await street.run(20);

    expect(await statementsOf(1)).toBe(await statementsOf(30));
  });
});
