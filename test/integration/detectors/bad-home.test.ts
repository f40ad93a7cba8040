import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { useDatabase } from '../../support/database.ts';
import { failingAt } from '../../support/failing-pool.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const silent = createLogger('silent');
const street = watchedHomes(database, { log: silent });

const goesStill = hourlyReadings(START, [...each(10, 12), ...each(25, 0)]);
/** No register counts this far: it can be stored, but not be read as litres. */
const ABSURD = { at: afterHours(9.5), indexLitres: Number.MAX_SAFE_INTEGER + 1 };

beforeEach(() => {
  street.restart();
});

const forget = (at: Date) => database.pool.query('delete from register_reading where read_at = $1', [at]);

describe('a home that cannot be judged', () => {
  it('keeps nobody else from being watched, and shows as unwatched itself', async () => {
    const bad = await street.home();
    const good = await street.home();
    await street.store(bad, [...goesStill, ABSURD], 35);
    await street.store(good, goesStill, 35);

    expect(await street.run(35)).toEqual({ homes: 1, homesSetAside: 1, alertsOpened: 1, ticketsOpened: 0 });
    expect(await street.alertsOf(good)).toHaveLength(1);
    expect(await street.alertsOf(bad)).toEqual([]);
    expect(await street.watchOf(bad)).toMatchObject({
      verdict: 'CANNOT_TELL',
      unwatched_since: afterHours(35),
      next_check_at: afterHours(35 + 1 / 6),
    });
    await forget(ABSURD.at);
  });

  it('or whose alert cannot be raised keeps no other alert from being raised, and is tried again', async () => {
    const bad = await street.home();
    const good = await street.home();
    await street.store(bad, goesStill, 35);
    await street.store(good, goesStill, 35);
    await database.pool.query(`alter table alert add constraint refuses_one check (household_id <> ${bad.id})`);

    expect(await street.run(35)).toMatchObject({ homes: 1, homesSetAside: 1, alertsOpened: 1 });
    expect(await street.alertsOf(good)).toHaveLength(1);
    expect(await street.alertsOf(bad)).toEqual([]);
    await database.pool.query('alter table alert drop constraint refuses_one');
    expect(await street.run(36)).toMatchObject({ homesSetAside: 0 });
    expect(await street.alertsOf(bad)).toHaveLength(1);
  });

  it('is judged from where it was once it can be, though only later readings are new', async () => {
    const home = await street.home();
    await street.store(home, [...hourlyReadings(START, [...each(2, 220), ...each(10, 8)]), ABSURD], 12);
    await street.run(12);
    expect(await street.standingOf(home)).toEqual([]);

    await forget(ABSURD.at);
    await street.arrive(home, [{ at: afterHours(12.05), indexLitres: 5_520 }], 12.05);
    expect(await street.standingOf(home)).toEqual([
      { detector: 'running-water', began: afterHours(2), ended: afterHours(3) },
    ]);
    expect(await street.watchOf(home)).toMatchObject({ verdict: 'USED', unwatched_since: null, judge_from: null });
  });

  it('is tried again by itself after ten minutes, and no sooner', async () => {
    const home = await street.home();
    await street.store(home, [...hourlyReadings(START, [...each(2, 220), ...each(10, 8)]), ABSURD], 12);
    await street.run(12);
    await forget(ABSURD.at);

    await street.run(12.16);
    expect(await street.standingOf(home)).toEqual([]);
    await street.run(12.17);
    expect(await street.standingOf(home)).toHaveLength(1);
  });

  it('stays unwatched since it first failed, and keeps the earliest time from which it is owed a judgement', async () => {
    const home = await street.home();
    await street.store(home, [...hourlyReadings(START, [...each(2, 220), ...each(10, 8)]), ABSURD], 12);
    await street.run(12);
    await street.arrive(home, [{ at: afterHours(13), indexLitres: 5_530 }], 13);

    expect(await street.watchOf(home)).toMatchObject({ unwatched_since: afterHours(12), judge_from: START });
    await forget(ABSURD.at);
  });
});

describe('a run that dies', () => {
  it('takes no home for a bad one because the database is gone, and forgets no readings', async () => {
    const home = await street.home();
    await street.store(home, goesStill, 35);
    const pool = failingAt(database.pool, /insert into (finding|home_watch)/);

    await expect(street.run(35, { pool })).rejects.toThrow('unreachable');
    expect(await street.watchOf(home)).toBeUndefined();
    await street.run(35);
    expect(await street.alertsOf(home)).toHaveLength(1);
  });

  it('after it has withdrawn a finding is finished by the next: the alert is taken back all the same', async () => {
    const home = await street.home();
    const [first, ...rest] = goesStill;
    await street.arrive(home, [first!, ...rest.slice(0, 10), ...rest.slice(20)], 35);
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'open' }]);
    // The register had stood still between two readings only because it had been swapped for a moment.
    await database.pool.query('delete from register_reading where meter_id = $1', [home.meterId]);
    await street.store(home, hourlyReadings(START, [...each(10, 12), ...each(9, 0), 8, ...each(15, 0)]), 36);
    const pool = failingAt(database.pool, /filter \(where|home_watch as known/);
    await expect(street.run(36, { pool })).rejects.toThrow('unreachable');
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'open' }]);

    await street.run(36);
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'closed', close_outcome: 'late_data' }]);
  });
});
