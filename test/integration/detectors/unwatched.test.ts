import { beforeAll, describe, expect, it } from 'vitest';
import { askToLookIn } from '../../../src/detectors/areas/ask-to-look-in.ts';
import { DEFAULT_AREA_POLICY } from '../../../src/domain/area/area-policy.ts';
import { watchedHours } from '../../../src/db/unwatched.ts';
import { coverage, unwatchedList, unwatchedSeen } from '../../../src/main/commands/unwatched.ts';
import { setAbsence } from '../../../src/roster/set-absence.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const areas = DEFAULT_AREA_POLICY;

/** Who was asked to look in, in the order in which they were. */
const asked = (home: Home) =>
  street.rows(
    `select role, intent, step from outbox join notice on notice.id = notice_id
     where household_id = $1 order by outbox.id`,
    home,
  );

async function tick(atHour: number): Promise<void> {
  await street.run(atHour);
  await askToLookIn({ ...street.deps(), areas });
}

describe('a home whose meter is silent', () => {
  let home: Home;
  beforeAll(async () => {
    street.restart();
    home = await street.home();
    await street.arrive(home, hourlyReadings(START, each(10, 8)), 10);
  });

  it('has somebody asked to look in when its time is up, once, and the desk once when nothing came of it', async () => {
    for (const hour of [36, 71]) await tick(hour);
    expect(await asked(home)).toEqual([]);
    for (const hour of [72, 73, 83]) await tick(hour);
    expect(await asked(home)).toEqual([{ role: 'contact', intent: 'look_in', step: 0 }]);
    for (const hour of [84, 85, 200]) await tick(hour);
    expect(await asked(home)).toEqual([
      { role: 'contact', intent: 'look_in', step: 0 },
      { role: 'desk', intent: 'look_in', step: 1 },
    ]);
    expect(await street.alertsOf(home)).toEqual([]);
  });

  it('is listed as unwatched, and is done with when somebody has looked', async () => {
    const lines: string[] = [];
    const { pool, clock } = street.deps();
    const deps = { pool, clock, actor: 'li', print: (line: string) => void lines.push(line) };
    await unwatchedList(deps, { limit: 10 });
    expect(lines[1]).toMatch(new RegExp(`^${home.code} +2 +164 h`));
    await unwatchedSeen(deps, home.code);
    await expect(unwatchedSeen(deps, home.code)).rejects.toThrow('nobody was asked to look at');
    expect(lines.at(-1)).toBe(`${home.code}: somebody has looked; its meter still needs mending`);
  });

  it('has its hours told apart: watched, unwatched, away; they add up to the month exactly', async () => {
    await street.arrive(home, [{ at: afterHours(210), indexLitres: 5_200 }], 210);
    await street.arrive(home, hourlyReadings(afterHours(210), each(24, 9), 5_200), 234);
    await setAbsence(street.deps(), {
      householdId: home.id,
      awayFrom: afterHours(240),
      awayUntil: afterHours(250),
      source: 'operator',
    });
    await street.run(246);
    const [hours] = await watchedHours(database.pool, '2026-03', afterHours(246));
    expect(hours).toMatchObject({ code: home.code, monthS: 246 * 3_600, awayS: 6 * 3_600 });
    expect(hours!.watchedS + hours!.awayS + hours!.unwatchedS).toBe(hours!.monthS);
    expect(hours!.unwatchedS).toBeGreaterThan(174 * 3_600);

    const lines: string[] = [];
    const { pool, clock } = street.deps();
    const deps = { pool, clock, actor: 'li', print: (line: string) => void lines.push(line) };
    await coverage(deps, { month: '2026-03' });
    expect(lines.at(-1)).toMatch(/^all +246\.0/);
    await expect(coverage(deps, { month: '2026-13' })).rejects.toThrow('is no month');
  });
});

it('asks nobody to look in on people who are away, or at a home that was never heard of', async () => {
  street.restart();
  const away = await street.home();
  const mute = await street.home();
  await street.arrive(away, hourlyReadings(START, each(10, 8)), 10);
  const absence = { householdId: away.id, awayFrom: afterHours(11), awayUntil: afterHours(300) };
  await setAbsence({ ...street.deps() }, { ...absence, source: 'operator' });
  for (const hour of [36, 90, 200]) await tick(hour);
  expect(await asked(away)).toEqual([]);
  expect(await asked(mute)).toEqual([]);
});

it('asks nobody any more when the home is heard of again', async () => {
  street.restart();
  const home = await street.home();
  await street.arrive(home, hourlyReadings(START, each(10, 8)), 10);
  for (const hour of [36, 73]) await tick(hour);
  await street.arrive(home, hourlyReadings(afterHours(48), each(26, 8), 5_500), 74);
  for (const hour of [75, 90]) await tick(hour);
  expect(await asked(home)).toHaveLength(1);
  expect(await street.rows('select over_at is not null as over from notice where household_id = $1', home)).toEqual([
    { over: true },
  ]);
});
