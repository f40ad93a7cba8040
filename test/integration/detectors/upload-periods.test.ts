import { beforeEach, describe, expect, it } from 'vitest';
import { watchAreas } from '../../../src/detectors/areas/watch-areas.ts';
import { DEFAULT_AREA_POLICY } from '../../../src/domain/area/area-policy.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const DAY = [...each(7, 0), ...each(16, 9), 0];
const register = hourlyReadings(START, Array.from({ length: 12 }, () => DAY).flat());
const TICKETS = 'select opened_at, closed_at from ticket where household_id = $1 order by id';
const verdictOf = async (home: Home) => (await street.watchOf(home))?.['verdict'];

beforeEach(() => street.restart());

/** The readings of a day come at once, so many hours after it has ended. */
const upload = (home: Home, day: number, lateHours: number) =>
  street.arrive(home, register.slice((day - 1) * 24, day * 24 + 1), day * 24 + lateHours);

describe('a meter that uploads once a day', () => {
  it('is waited for until six hours after its upload is due, and its home is watched until then', async () => {
    const home = await street.home();
    for (let day = 1; day <= 7; day += 1) {
      if (day > 4) {
        await street.run(day * 24 + 2.5);
        expect(await verdictOf(home)).toBe('USED');
      }
      await upload(home, day, 3);
    }
    const lastHeard = 7 * 24 + 3;
    await street.run(lastHeard + 29.9);
    expect(await street.rows(TICKETS, home)).toEqual([]);
    await street.run(lastHeard + 30.1);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ closed_at: null }]);
    expect(await verdictOf(home)).toBe('CANNOT_TELL');
  });

  it('is looked at again by itself when that time has come', async () => {
    const home = await street.home();
    for (let day = 1; day <= 7; day += 1) await upload(home, day, 3);
    await street.run(7 * 24 + 27);
    expect(await street.watchOf(home)).toMatchObject({ next_check_at: afterHours(7 * 24 + 30) });
  });
});

describe('a meter of which days come late', () => {
  /** Forty days, those that are named with the day after them. */
  const heardOf = async (home: Home, late: readonly number[]) => {
    const days = hourlyReadings(START, Array.from({ length: 40 }, () => DAY).flat());
    for (let day = 1; day <= 40; day += 1) {
      const arrivesHour = (late.includes(day) ? day + 1 : day) * 24 + 3;
      await street.store(home, days.slice((day - 1) * 24, day * 24 + 1), arrivesHour);
    }
    return 40 * 24 + 3;
  };
  const hoursUntilTold = async (home: Home, lastHeard: number) => {
    for (const hours of [29.9, 30.1, 53.9, 54.1]) {
      await street.run(lastHeard + hours);
      if ((await street.rows(TICKETS, home)).length > 0) return hours;
    }
    return Infinity;
  };

  it('is waited for through one more such day where they are usual, though the last month has had but one', async () => {
    const home = await street.home();
    expect(await hoursUntilTold(home, await heardOf(home, [8, 29]))).toBe(54.1);
  });

  it('is not waited for longer because of the one day that was ever late', async () => {
    const home = await street.home();
    expect(await hoursUntilTold(home, await heardOf(home, [29]))).toBe(30.1);
  });
});

describe('a meter that uploads every hour', () => {
  it('is silent after 26 hours, whatever outages it has had, and the past is read once a day alone', async () => {
    const home = await street.home();
    const heard = register.filter((_, hour) => hour < 60 || hour > 100).slice(0, 200);
    for (const [i, reading] of heard.entries()) await street.store(home, [reading], i < 60 ? i : i + 41);
    await street.run(240);
    await street.run(240 + 25.9);
    expect(await street.rows(TICKETS, home)).toEqual([]);
    await street.run(240 + 26);
    expect(await street.rows(TICKETS, home)).toHaveLength(1);
    const learned = await street.rows('select period_s, learned_at from meter_period where $1 > 0', home);
    expect(learned).toContainEqual({ period_s: 3_600, learned_at: afterHours(266) });
    await street.run(240 + 40);
    expect(await street.rows('select learned_at from meter_period where $1 > 0', home)).toContainEqual({
      learned_at: afterHours(266),
    });
  });
});

describe('twelve meters of a gateway that upload once a day', () => {
  it('are no outage between two uploads, and one when no upload comes', async () => {
    const homes: Home[] = [];
    for (let i = 0; i < 12; i += 1) homes.push(await street.home());
    const gateway = "update meter set gateway = 'G7' where id = any ($1)";
    await database.pool.query(gateway, [homes.map(({ meterId }) => meterId)]);
    const look = async (hour: number) => {
      await street.run(hour);
      await watchAreas({ ...street.deps(), areas: DEFAULT_AREA_POLICY });
    };
    for (let day = 1; day <= 6; day += 1) {
      for (const home of homes) await street.store(home, register.slice((day - 1) * 24, day * 24 + 1), day * 24 + 3);
      for (const hour of [3, 12, 26]) await look(day * 24 + hour);
    }
    const outages = "select cause, scope from outage where cause = 'silent' and $1 > 0";
    expect(await street.rows(outages, homes[0]!)).toEqual([]);
    await look(6 * 24 + 3 + 25);
    expect(await street.rows(outages, homes[0]!)).toEqual([{ cause: 'silent', scope: 'G7' }]);
    await look(6 * 24 + 3 + 31);
    for (const home of homes) {
      expect(await verdictOf(home)).toBe('CANNOT_TELL');
      expect(await street.rows(TICKETS, home)).toEqual([]);
    }
  });
});
