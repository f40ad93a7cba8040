import { beforeEach, describe, expect, it } from 'vitest';
import { driftList } from '../../../src/main/commands/drift.ts';
import { survey } from '../../../src/main/survey.ts';
import { setAbsence } from '../../../src/roster/set-absence.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { useDatabase } from '../../support/database.ts';
import { addMeter } from '../../support/meters.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database, { policies: tierPolicies() });
const DAY = [...each(7, 0), ...each(16, 9), 0];
const ticketsOf = (home: Home) =>
  street.rows('select kind, closed_at, evidence from ticket where household_id = $1 order by id', home);

beforeEach(async () => {
  street.restart();
  await database.pool.query('delete from upkeep_run');
});

async function surveyAt(hour: number): Promise<void> {
  await street.run(hour);
  await survey(street.deps());
}

describe('a register that stands still', () => {
  it('for seven days while its meter reports becomes a ticket, closed when it moves', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, [...DAY, ...each(171, 0), 5, 5]);
    await street.store(home, readings.slice(0, 191), 190);
    await surveyAt(190);
    expect((await ticketsOf(home)).filter(({ kind }) => kind === 'stuck_at_zero')).toEqual([]);
    await street.store(home, readings.slice(0, 193), 213);
    await surveyAt(213);
    const still = { kind: 'stuck_at_zero', closed_at: null, evidence: { indexLitres: readings[100]!.indexLitres } };
    expect(await ticketsOf(home)).toContainEqual(expect.objectContaining({ ...still, evidence: expect.anything() }));
    await street.store(home, readings, 240);
    await surveyAt(240);
    expect((await ticketsOf(home)).find(({ kind }) => kind === 'stuck_at_zero')).toMatchObject({
      closed_at: afterHours(240),
      evidence: still.evidence,
    });
  });

  it('is none where its people are away, nor the second meter of a home where the other one moves', async () => {
    const away = await street.home();
    const still = hourlyReadings(START, [...DAY, ...each(190, 0)]);
    const absence = { awayFrom: afterHours(24), awayUntil: afterHours(400), source: 'operator' } as const;
    await setAbsence(street.deps(), { householdId: away.id, ...absence });
    const lived = await street.home();
    const garden = await addMeter(database.pool, lived, START);
    for (const [home, readings] of [
      [away, still],
      [garden, still],
      [lived, hourlyReadings(START, Array.from({ length: 9 }, () => DAY).flat())],
    ] as const) {
      await street.store(home, readings, 214);
    }
    await surveyAt(216);
    expect(await ticketsOf(away)).toEqual([]);
    expect((await ticketsOf(lived)).filter(({ kind }) => kind === 'stuck_at_zero')).toEqual([]);
  });
});

describe('a clock that is ahead', () => {
  it('by ten minutes becomes a ticket, looked for once a day', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, [...DAY, ...DAY]).map(({ at, indexLitres }) => ({
      at: new Date(at.getTime() + 14 * 60_000),
      indexLitres,
    }));
    for (const hour of [22, 23, 24]) await street.store(home, readings.slice(hour, hour + 1), hour);
    await surveyAt(24);
    expect(await ticketsOf(home)).toContainEqual(
      expect.objectContaining({ kind: 'clock_off', evidence: expect.objectContaining({ figure: 14 }) }),
    );
    await database.pool.query("delete from ticket where kind = 'clock_off'");
    await surveyAt(30);
    expect((await ticketsOf(home)).filter(({ kind }) => kind === 'clock_off')).toEqual([]);
    await street.store(home, readings.slice(46, 47), 46);
    await surveyAt(46);
    expect((await ticketsOf(home)).filter(({ kind }) => kind === 'clock_off')).toHaveLength(1);
  });
});

describe('a home whose people use less', () => {
  it('is on the list of the week, once, and nobody is texted', async () => {
    const [less, same] = [await street.home(), await street.home()];
    const quiet = [...each(9, 0), 6, 0, 0, 6, 0, 0, 0, 0, 0, 6, ...each(5, 0)];
    const varied = (i: number) => DAY.map((litres, hour) => (litres === 0 || (hour + i) % 5 === 0 ? 0 : litres));
    const days = (count: number) => Array.from({ length: count }, (_, i) => varied(i)).flat();
    const until = 48 * 24;
    await street.store(
      less,
      hourlyReadings(START, [...days(41), ...Array.from({ length: 7 }, () => quiet).flat()]),
      until,
    );
    await street.store(same, hourlyReadings(START, days(48)), until);
    await surveyAt(until);
    await surveyAt(until + 30);
    const lines: string[] = [];
    const deps = { ...street.deps(), actor: 'li', print: (line: string) => void lines.push(line) };
    await driftList(deps, { limit: 10 });
    expect(lines.slice(1)).toHaveLength(2);
    for (const line of lines.slice(1)) expect(line).toContain(less.code);
    expect(lines.join('\n')).toContain('about 18 L a day');
    expect(await street.rows('select 1 from notice where household_id = $1', less)).toEqual([]);
  });
});
