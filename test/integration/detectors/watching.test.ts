import { beforeEach, describe, expect, it } from 'vitest';
import { withdrawAlert } from '../../../src/alerts/withdraw-alert.ts';
import { excusesOf } from '../../../src/db/home-series.ts';
import { useDatabase } from '../../support/database.ts';
import { addMeter } from '../../support/meters.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const GOES_STILL = hourlyReadings(START, [...each(10, 12), ...each(60, 0)]);

beforeEach(() => {
  street.restart();
});

const changeWatch = (home: Home, column: 'monitored_from' | 'monitored_until', at: Date) =>
  database.pool.query(`update household set ${column} = $2 where id = $1`, [home.id, at]);

describe('the time of the watch', () => {
  it('has not begun for a home that is to be watched later, though its meter speaks', async () => {
    const home = await street.home();
    await changeWatch(home, 'monitored_from', afterHours(36));
    await street.arrive(home, GOES_STILL.slice(0, 36), 35);
    expect(await street.watchOf(home)).toBeUndefined();

    await street.arrive(home, GOES_STILL.slice(36, 37), 36);
    expect(await street.alertsOf(home)).toHaveLength(1);
  });

  it('is over for a home that moved out of the care', async () => {
    const home = await street.home();
    await changeWatch(home, 'monitored_until', afterHours(35));
    await street.arrive(home, GOES_STILL.slice(0, 36), 35);

    expect(await street.alertsOf(home)).toEqual([]);
  });
});

describe('a meter that stays silent', () => {
  it('keeps its one ticket from day to day', async () => {
    const home = await street.home();
    await street.arrive(home, GOES_STILL.slice(0, 6), 5);
    for (const hour of [31, 55, 79, 103]) await street.run(hour);

    expect(await street.rows('select opened_at, closed_at from ticket where household_id = $1', home)).toEqual([
      { opened_at: afterHours(31), closed_at: null },
    ]);
    expect(await street.watchOf(home)).toMatchObject({
      unwatched_since: afterHours(31),
      judged_at: afterHours(103),
      next_check_at: afterHours(127),
      last_use_at: afterHours(5),
    });
  });

  it('does not hide when the other meter of the home was last heard', async () => {
    const kitchen = await street.home();
    const bath = await addMeter(database.pool, kitchen, START);
    await street.arrive(bath, GOES_STILL.slice(0, 4), 3);
    await street.arrive(kitchen, GOES_STILL.slice(0, 6), 5);

    expect(await street.watchOf(kitchen)).toMatchObject({
      last_received_at: afterHours(5),
      last_read_at: afterHours(5),
    });
  });
});

describe('what a run reports', () => {
  it('counts the alerts it opened, not the findings that joined one', async () => {
    const home = await street.home();
    const lived = hourlyReadings(START, [...each(8, 6), 230, 240, ...each(26, 0)]);

    expect(await street.arrive(home, lived.slice(0, 11), 10)).toMatchObject({ homesSetAside: 0, alertsOpened: 1 });
    expect(await street.arrive(home, lived.slice(11), 36)).toMatchObject({ homesSetAside: 0, alertsOpened: 0 });
    expect(await street.alertsOf(home)).toMatchObject([{ detector: 'low-use', severity: 'urgent' }]);
  });
});

describe('water that came back', () => {
  it('and turns out not to have, since a smaller register was reported too, is noted as gone again', async () => {
    const home = await street.home();
    await street.arrive(home, GOES_STILL.slice(0, 36), 35);
    await street.arrive(home, [{ at: afterHours(36), indexLitres: 5_130 }], 36);
    expect(await street.alertsOf(home)).toMatchObject([{ recovered_at: afterHours(36) }]);

    const conflict = 'insert into reading_conflict values ($1, $2, 5120, $2)';
    await database.pool.query(conflict, [home.meterId, afterHours(36)]);
    await street.arrive(
      home,
      [36, 36.5].map((hour) => ({ at: afterHours(hour), indexLitres: 5_120 })),
      37,
    );
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'open', recovered_at: null }]);
    expect(await street.standingOf(home)).toEqual([{ detector: 'low-use', began: afterHours(34), ended: null }]);
  });
});

describe('an alert that was taken back', () => {
  it('is no home check: it explains no stillness that follows', async () => {
    const home = await street.home();
    await street.arrive(home, GOES_STILL.slice(0, 36), 35);
    const [alert] = await street.alertsOf(home);
    await withdrawAlert(street.deps(), alert!['id'] as number);

    expect(await excusesOf(database.pool, [{ householdId: home.id, since: START }])).toEqual([]);
  });
});

describe('an absence', () => {
  const declare = (home: Home, from: number, until: number) =>
    database.pool.query(
      `insert into absence (household_id, away_from, away_until, source) values ($1, $2, $3, 'operator')`,
      [home.id, afterHours(from), afterHours(until)],
    );
  const endsOf = async (home: Home) =>
    (await street.rows('select ended_at from absence where household_id = $1 order by away_from', home)).map(
      ({ ended_at: endedAt }) => endedAt,
    );
  const lives = (...last: number[]) => hourlyReadings(START, [...each(10, 12), ...each(9, 0), ...last]);

  it('ends with five litres, and not with the four of a dripping tap', async () => {
    const dripping = await street.home();
    await declare(dripping, 10, 90);
    await street.arrive(dripping, lives(4), 20);
    expect(await endsOf(dripping)).toEqual([null]);

    const back = await street.home();
    await declare(back, 10, 90);
    await street.arrive(back, lives(5), 20);
    expect(await endsOf(back)).toEqual([afterHours(20)]);
  });

  it('ends with water that ran at an unknown time of it, at whichever meter', async () => {
    const home = await street.home();
    const bath = await addMeter(database.pool, home, START);
    await declare(home, 10, 90);
    await street.arrive(home, lives(0), 20);
    const readings = lives(0);
    await street.arrive(bath, [...readings.slice(0, 11), { at: afterHours(20), indexLitres: 5_130 }], 20);

    expect(await endsOf(home)).toEqual([afterHours(20)]);
  });

  it('is not ended by the last water before it, nor the next one by water of today', async () => {
    const home = await street.home();
    await declare(home, 9.5, 90);
    await declare(home, 100, 200);
    await street.arrive(home, lives(0), 20);
    expect(await endsOf(home)).toEqual([null, null]);

    await street.arrive(home, [...lives(30)].slice(-1), 20.5);
    expect(await endsOf(home)).toHaveLength(2);
    expect((await endsOf(home))[1]).toBeNull();
  });
});
