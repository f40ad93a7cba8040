import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { addMeter, removeMeter } from '../../support/meters.ts';
import { hourlyReadings, type Reading } from '../../support/readings.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);

beforeEach(() => {
  street.restart();
});

/** Read at half past, as no other meter of the house is. */
const halfPast = (readings: readonly Reading[]) =>
  readings.map(({ at, indexLitres }) => ({ at: new Date(at.getTime() + 1_800_000), indexLitres }));

describe('a change of meter', () => {
  const old = hourlyReadings(START, [...each(10, 12), ...each(10, 0)]);
  const fresh = hourlyReadings(afterHours(21), each(40, 0), 0);

  async function exchanged() {
    const home = await street.home();
    const renewed = await addMeter(database.pool, home, afterHours(20.5));
    await removeMeter(database.pool, home, afterHours(20.5));
    return { home, renewed };
  }

  it('does not hide that the home has been still for a day across it', async () => {
    const { home, renewed } = await exchanged();
    await street.arrive(home, old, 20);
    for (let hour = 21; hour <= 36; hour += 1) await street.arrive(renewed, fresh.slice(0, hour - 20), hour);

    expect(await street.alertsOf(home)).toMatchObject([{ detector: 'low-use', state: 'open' }]);
    expect(await street.standingOf(home)).toEqual([{ detector: 'low-use', began: afterHours(34), ended: null }]);
  });

  it('leads to the same finding when all readings come at once', async () => {
    const { home, renewed } = await exchanged();
    await street.store(home, old, 61);
    await street.store(renewed, fresh, 61);
    await street.run(61);

    expect(await street.standingOf(home)).toEqual([{ detector: 'low-use', began: afterHours(34), ended: null }]);
  });

  it('is no sign of life though the new dial begins at another figure, and none of danger', async () => {
    const home = await street.home();
    const renewed = await addMeter(database.pool, home, afterHours(20.5));
    await removeMeter(database.pool, home, afterHours(20.5));
    await street.arrive(home, hourlyReadings(START, each(20, 12)), 20);
    await street.arrive(renewed, hourlyReadings(afterHours(21), each(20, 12), 900_000), 41);

    expect(await street.standingOf(home)).toEqual([]);
    expect(await street.watchOf(home)).toMatchObject({ verdict: 'USED' });
  });

  it('ends the ticket of a silent meter that was taken out', async () => {
    const home = await street.home();
    await street.arrive(home, hourlyReadings(START, each(10, 12)), 10);
    await street.run(37);
    const tickets = () => street.rows('select kind, closed_at from ticket where household_id = $1', home);
    expect(await tickets()).toEqual([{ kind: 'meter_silent', closed_at: null }]);

    const renewed = await addMeter(database.pool, home, afterHours(80));
    await removeMeter(database.pool, home, afterHours(80));
    await street.arrive(renewed, hourlyReadings(afterHours(81), [4], 0), 82);
    expect(await tickets()).toEqual([{ kind: 'meter_silent', closed_at: afterHours(82) }]);
  });

  it('that is only planned leaves the old meter under watch until then', async () => {
    const home = await street.home();
    await street.arrive(home, hourlyReadings(START, each(10, 12)), 10);
    await removeMeter(database.pool, home, afterHours(500));
    await street.run(37);
    await street.run(61);

    expect(await street.rows('select opened_at, closed_at from ticket where household_id = $1', home)).toEqual([
      { opened_at: afterHours(37), closed_at: null },
    ]);
  });
});

describe('a meter that moves to another home', () => {
  it('tells of each home what ran while it was there', async () => {
    const first = await street.home();
    const second = await street.home();
    await removeMeter(database.pool, second, afterHours(0.5));
    await removeMeter(database.pool, first, afterHours(20.5));
    const bind = 'insert into meter_binding (meter_id, household_id, bound_from) values ($1, $2, $3)';
    await database.pool.query(bind, [first.meterId, second.id, afterHours(20.5)]);
    await street.arrive(first, hourlyReadings(START, [...each(20, 12), ...each(30, 0)]), 50);
    const useOf = async (home: typeof first) => (await street.watchOf(home))?.['last_use_at'] as Date | null;

    expect(await useOf(first)).toEqual(afterHours(20));
    expect(await useOf(second)).toBeNull();
    expect(await street.standingOf(second)).toEqual([{ detector: 'low-use', began: afterHours(43), ended: null }]);

    await street.arrive(first, [{ at: afterHours(51), indexLitres: 5_300 }], 51);
    expect(await useOf(first)).toEqual(afterHours(20));
    expect(await useOf(second)).toEqual(afterHours(51));
  });
});

describe('a meter of another make', () => {
  const adapt = (home: { meterId: number }, column: 'nominal_interval_s' | 'register_capacity_l', value: number) =>
    database.pool.query(`update meter set ${column} = $2 where id = $1`, [home.meterId, value]);

  it('that is read once a day proves with its few readings that little ran', async () => {
    const home = await street.home();
    await adapt(home, 'nominal_interval_s', 86_400);
    const daily = [0, 24, 48, 72].map((hour, day) => ({ at: afterHours(hour), indexLitres: 700 + 4 * day }));
    for (const reading of daily)
      await street.arrive(home, [reading], (reading.at.getTime() - START.getTime()) / 3_600_000);

    expect(await street.alertsOf(home)).toMatchObject([{ detector: 'low-use', evidence: { litres: 4 } }]);
    expect(await street.standingOf(home)).toEqual([{ detector: 'low-use', began: afterHours(24), ended: null }]);
  });

  it('that begins again at zero has seen what ran across its end', async () => {
    const home = await street.home();
    await adapt(home, 'register_capacity_l', 10_000);
    const before = hourlyReadings(START, each(30, 0), 9_960);
    await street.arrive(home, [...before.slice(0, -1), { at: afterHours(30), indexLitres: 20 }], 30);

    expect(await street.watchOf(home)).toMatchObject({ verdict: 'USED', last_use_at: afterHours(30) });
  });

  it('whose clock is an hour ahead is believed when that hour has come', async () => {
    const home = await street.home();
    await street.arrive(home, hourlyReadings(START, each(11, 3)), 10);
    expect(await street.watchOf(home)).toMatchObject({ last_read_at: afterHours(10) });

    await street.arrive(home, [{ at: afterHours(10.9), indexLitres: 5_032 }], 11);
    expect(await street.watchOf(home)).toMatchObject({ last_read_at: afterHours(11) });
  });
});

describe('a home with two meters', () => {
  async function twoMeters() {
    const kitchen = await street.home();
    const bath = await addMeter(database.pool, kitchen, START);
    return { kitchen, bath };
  }

  it('has a tap running in the bath found once, and not ended by the dry kitchen', async () => {
    const { kitchen, bath } = await twoMeters();
    const dry = hourlyReadings(START, each(9, 0));
    const running = halfPast(hourlyReadings(START, [0, 0, ...each(5, 220), 0]));
    for (let hour = 1; hour <= 8; hour += 1) {
      await street.arrive(kitchen, dry.slice(0, hour + 1), hour);
      await street.arrive(bath, running.slice(0, hour + 1), hour + 0.5);
    }

    expect(await street.standingOf(kitchen)).toEqual([
      { detector: 'running-water', began: afterHours(4.5), ended: afterHours(8.5) },
    ]);
    const events = await street.rows(
      `select type, count(*) from alert_event join alert on alert.id = alert_id where household_id = $1
       group by type order by type`,
      kitchen,
    );
    expect(events).toEqual([
      { type: 'asked', count: 2 },
      { type: 'opened', count: 1 },
      { type: 'recovered', count: 1 },
    ]);
  });

  it('has the running tap told though the other meter has long been silent', async () => {
    const { kitchen, bath } = await twoMeters();
    await street.arrive(kitchen, hourlyReadings(START, each(4, 3)), 4);
    await street.arrive(bath, hourlyReadings(START, [...each(48, 3), 220, 230]), 50);

    const silent = `select kind from ticket where kind = 'meter_silent' and household_id = $1`;
    expect(await street.rows(silent, kitchen)).toHaveLength(1);
    expect(await street.alertsOf(kitchen)).toMatchObject([{ detector: 'running-water', state: 'open' }]);
  });

  it('is not taken for still while one of them is silent', async () => {
    const { kitchen, bath } = await twoMeters();
    await street.arrive(kitchen, hourlyReadings(START, each(4, 3)), 4);
    await street.arrive(bath, hourlyReadings(START, [...each(4, 3), ...each(46, 0)]), 50);

    expect(await street.alertsOf(kitchen)).toEqual([]);
    expect(await street.watchOf(kitchen)).toMatchObject({ verdict: 'CANNOT_TELL' });
  });

  it('loses one of them for good and is watched by the other alone from then on', async () => {
    const { kitchen, bath } = await twoMeters();
    await street.store(bath, hourlyReadings(START, each(20, 3)), 50);
    await removeMeter(database.pool, bath, afterHours(20.5));
    await street.store(kitchen, hourlyReadings(START, [...each(20, 3), ...each(30, 0)]), 50);
    await street.run(50);

    expect(await street.standingOf(kitchen)).toEqual([{ detector: 'low-use', began: afterHours(44), ended: null }]);
  });
});
