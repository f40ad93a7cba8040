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

    expect(await street.rows('select kind from ticket where household_id = $1', home)).toHaveLength(1);
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

    expect(await street.rows('select kind from ticket where household_id = $1', kitchen)).toHaveLength(1);
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
