import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../../src/core/logger.ts';
import { LOCKS } from '../../../../src/db/locks.ts';
import { createPool } from '../../../../src/db/pool.ts';
import { useDatabase } from '../../../support/database.ts';
import { steadily, waterBooks } from './water-books.ts';

const database = useDatabase();
const books = waterBooks(() => database.pool, new Date('2026-12-01T00:00:00Z'));
const START = new Date('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const hours = (count: number, litres: number) => Array.from({ length: count }, () => litres);
const brief = async (homeId: number) => (await books.daysOf(homeId)).map(({ day, litres }) => [day, litres]);

let homes = 0;
const homeIn = (zone: string, from = START) => books.home(`D${(homes += 1)}`, zone, from);

beforeEach(async () => {
  await books.addUp();
});

describe('the days of a home', () => {
  it('are those of its own zone, whatever other homes and the session have', async () => {
    const [shanghai, vienna] = [await homeIn('Asia/Shanghai'), await homeIn('Europe/Vienna')];
    const from = new Date('2026-03-01T00:00:00Z');
    await books.arrive([
      ...steadily(shanghai.meterId, from, hours(24, 10)),
      ...steadily(vienna.meterId, from, hours(24, 10)),
    ]);
    const abroad = createPool(database.url, 1, createLogger('silent'));
    await abroad.query(`set timezone = 'America/New_York'`);
    await waterBooks(() => abroad, books.clock.now()).addUp();
    await abroad.end();

    expect(await brief(shanghai.id)).toEqual([
      ['2026-03-01', 160],
      ['2026-03-02', 80],
    ]);
    expect(await brief(vienna.id)).toEqual([
      ['2026-03-01', 230],
      ['2026-03-02', 10],
    ]);
  });

  it.each([
    { zone: 'Europe/Vienna', from: '2026-03-28T00:00+01:00', day: '2026-03-29', lasts: 23 },
    { zone: 'Europe/Vienna', from: '2026-10-24T00:00+02:00', day: '2026-10-25', lasts: 25 },
    { zone: 'America/Santiago', from: '2026-09-05T00:00-04:00', day: '2026-09-06', lasts: 23 },
    { zone: 'America/Santiago', from: '2026-04-03T00:00-03:00', day: '2026-04-04', lasts: 25 },
    { zone: 'Australia/Lord_Howe', from: '2026-10-03T00:00+10:30', day: '2026-10-04', lasts: 23.5 },
    { zone: 'Australia/Lord_Howe', from: '2026-04-04T00:00+11:00', day: '2026-04-05', lasts: 24.5 },
    { zone: 'Asia/Shanghai', from: '2026-03-28T00:00+08:00', day: '2026-03-29', lasts: 24 },
  ])('on $day in $zone is $lasts hours long and holds the water of as many', async ({ zone, from, day, lasts }) => {
    const home = await homeIn(zone);
    // Every half hour ten litres, over three days.
    await books.arrive(steadily(home.meterId, new Date(from), hours(150, 10), 1_000, HOUR / 2));
    await books.addUp();

    expect((await books.daysOf(home.id)).find((each) => each.day === day)).toEqual({
      day,
      hours: lasts,
      known: lasts,
      litres: lasts * 20,
      estimated: 0,
      readings: lasts * 2,
      signs: '',
    });
  });

  it('hold nothing of what its meter measured elsewhere before or after', async () => {
    const [first, second] = [await homeIn('Asia/Shanghai'), await homeIn('Asia/Shanghai')];
    const moved = new Date('2026-03-02T10:00:00+08:00');
    await books.arrive(steadily(first.meterId, new Date('2026-03-02T08:00:00+08:00'), hours(240, 1), 1_000, 60_000));
    await books.addUp();
    expect(await brief(first.id)).toEqual([['2026-03-02', 240]]);

    await books.rows('update meter_binding set bound_until = $2 where household_id = $1', [first.id, moved]);
    await books.rows("update meter_binding set bound_until = bound_from + interval '1 s' where household_id = $1", [
      second.id,
    ]);
    await books.bind(first.meterId, second.id, moved, null);
    await books.addUp();

    // The minute from 09:59 to 10:00 began at one home and ended at the other: it is put down to neither.
    expect(await brief(first.id)).toEqual([['2026-03-02', 119]]);
    expect(await brief(second.id)).toEqual([['2026-03-02', 120]]);
  });

  it('go when the meter turns out never to have been there', async () => {
    const home = await homeIn('Asia/Shanghai');
    await books.arrive(steadily(home.meterId, new Date('2026-03-02T00:00:00Z'), hours(30, 5)));
    await books.addUp();
    expect(await brief(home.id)).toHaveLength(2);

    await books.rows('delete from meter_binding where household_id = $1', [home.id]);
    await books.addUp();
    expect(await brief(home.id)).toEqual([]);
  });

  it('are cut anew when the home turns out to lie in another zone', async () => {
    const home = await homeIn('Asia/Shanghai');
    await books.arrive(steadily(home.meterId, new Date('2026-03-02T00:00:00+08:00'), hours(24, 5)));
    await books.addUp();
    expect(await brief(home.id)).toEqual(
      [
        ['2026-03-02', 120],
        ['2026-03-03', 0],
      ].slice(0, 2),
    );

    await books.rows(`update household set time_zone = 'Europe/Vienna' where id = $1`, [home.id]);
    await books.addUp();
    expect(await brief(home.id)).toEqual([
      ['2026-03-01', 35],
      ['2026-03-02', 85],
    ]);
  });

  it('are added up anew when the end of the dial becomes known', async () => {
    const home = await homeIn('Asia/Shanghai');
    const from = new Date('2026-03-02T08:00:00+08:00');
    await books.arrive([
      ...steadily(home.meterId, from, [5], 9_990),
      { meterId: home.meterId, at: new Date(from.getTime() + 2 * HOUR), litres: 3 },
    ]);
    await books.addUp();
    expect(await books.daysOf(home.id)).toMatchObject([{ litres: 5, known: 1, signs: 'new dial' }]);

    await books.rows('update meter set register_capacity_l = 10000 where id = $1', [home.meterId]);
    await books.addUp();
    expect(await books.daysOf(home.id)).toMatchObject([{ litres: 13, known: 2, signs: '' }]);
  });

  it('take up a reading that comes months late, on its own day and on the one before', async () => {
    const home = await homeIn('Asia/Shanghai');
    const morning = new Date('2026-03-02T08:00:00+08:00');
    await books.arrive([
      ...steadily(home.meterId, morning, [10]),
      ...steadily(home.meterId, new Date(morning.getTime() + 24 * HOUR), [10], 1_490),
    ]);
    await books.addUp();
    expect(await brief(home.id)).toEqual([
      ['2026-03-02', 10 + 313],
      ['2026-03-03', 167 + 10],
    ]);

    await books.arrive([{ meterId: home.meterId, at: new Date('2026-03-03T00:00:00+08:00'), litres: 1_480 }]);
    await books.addUp();
    expect(await brief(home.id)).toEqual([
      ['2026-03-02', 480],
      ['2026-03-03', 20],
    ]);
  });

  it('remember over midnight how far the register had been before water flowed back', async () => {
    const home = await homeIn('Asia/Shanghai');
    const read = (at: string, litres: number) => ({ meterId: home.meterId, at: new Date(`${at}+08:00`), litres });
    await books.arrive([read('2026-03-01T22:00', 1_000), read('2026-03-01T23:00', 950), read('2026-03-02T12:00', 950)]);
    await books.addUp();
    await books.arrive([read('2026-03-03T08:00', 970), read('2026-03-03T09:00', 1_010)]);
    await books.addUp();

    // From 970 to 1,010 ten litres are new; the others had run before.
    expect(await brief(home.id)).toEqual([
      ['2026-03-01', 0],
      ['2026-03-02', 0],
      ['2026-03-03', 10],
    ]);
  });

  it('use the smaller of two registers that were reported for one time', async () => {
    const home = await homeIn('Asia/Shanghai');
    const from = new Date('2026-03-02T08:00:00+08:00');
    await books.arrive(steadily(home.meterId, from, [10, 10]));
    await books.arrive([{ meterId: home.meterId, at: new Date(from.getTime() + 2 * HOUR), litres: 1_013 }]);
    await books.addUp();

    expect(await books.daysOf(home.id)).toMatchObject([{ litres: 13, readings: 3 }]);
  });
});

describe('the roll-up', () => {
  it('looks only at homes to which something happened', async () => {
    const [one, other] = [await homeIn('Asia/Shanghai'), await homeIn('Asia/Shanghai')];
    await books.arrive([...steadily(one.meterId, START, [1]), ...steadily(other.meterId, START, [1])]);
    await books.addUp();

    await books.arrive([{ meterId: one.meterId, at: new Date(START.getTime() + 2 * HOUR), litres: 1_005 }]);
    expect(await books.addUp()).toBe(1);
    expect(await books.addUp()).toBe(0);
  });

  it('rewrites no day that stays as it was', async () => {
    const home = await homeIn('Asia/Shanghai');
    const days = steadily(home.meterId, START, hours(72, 3));
    await books.arrive(days);
    await books.addUp();
    const before = await books.rows('select local_day, xmin::text from household_day where household_id = $1', [
      home.id,
    ]);

    await books.rows(
      `insert into roll_up_note (subject, ids, changed_from) values ('household', array[$1::bigint], array['-infinity'::timestamptz])`,
      [home.id],
    );
    await books.addUp();
    expect(
      await books.rows('select local_day, xmin::text from household_day where household_id = $1', [home.id]),
    ).toEqual(before);
  });

  it('leaves its notes when it dies half way, and does the work when it is run again', async () => {
    const home = await homeIn('Asia/Shanghai');
    await books.arrive(steadily(home.meterId, START, hours(5, 3)));
    await books.rows(`alter table household_day add constraint no_room check (household_id <> ${home.id})`);
    await expect(books.addUp()).rejects.toThrow('no_room');
    await books.rows('alter table household_day drop constraint no_room');

    expect(await books.addUp()).toBe(1);
    expect(await brief(home.id)).toEqual([['2026-01-01', 15]]);
  });

  it('is left to the process that is at it', async () => {
    const home = await homeIn('Asia/Shanghai');
    await books.arrive(steadily(home.meterId, START, hours(5, 3)));
    const other = await database.pool.connect();
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock($1)', [LOCKS.rollUp]);
    expect(await books.addUp()).toBe(0);
    await other.query('rollback');
    other.release();

    expect(await books.addUp()).toBe(1);
    expect(await brief(home.id)).toEqual([['2026-01-01', 15]]);
  });

  it('counts nothing twice when several processes begin at once', async () => {
    const home = await homeIn('Asia/Shanghai');
    await books.arrive(steadily(home.meterId, START, hours(5, 3)));
    await Promise.all([books.addUp(), books.addUp(), books.addUp()]);
    await books.addUp();

    expect(await brief(home.id)).toEqual([['2026-01-01', 15]]);
    expect(await books.rows('select id from roll_up_note')).toEqual([]);
  });

  it('goes on with the other homes when the zone of one is unknown', async () => {
    const [lost, known] = [await homeIn('Asia/Atlantis'), await homeIn('Asia/Shanghai')];
    await books.arrive([...steadily(lost.meterId, START, [1]), ...steadily(known.meterId, START, [1])]);
    await books.addUp();

    expect(await brief(lost.id)).toEqual([]);
    expect(await brief(known.id)).toEqual([['2026-01-01', 1]]);
  });

  it('leaves days alone whose readings may be gone', async () => {
    const home = await homeIn('Asia/Shanghai', new Date('2025-01-01T00:00:00Z'));
    await books.arrive(steadily(home.meterId, new Date('2025-06-01T00:00:00+08:00'), hours(24, 5)));
    await books.addUp(1_000);
    await books.rows('delete from register_reading where meter_id = $1 and read_at not between $2 and $3', [
      home.meterId,
      new Date('2025-06-01T12:00:00+08:00'),
      new Date('2025-06-01T20:00:00+08:00'),
    ]);

    await books.rows(`update household set time_zone = 'Europe/Vienna' where id = $1`, [home.id]);
    await books.addUp(400);
    expect(await brief(home.id)).toEqual([
      ['2025-06-01', 120],
      ['2025-06-02', 0],
    ]);
  });
});
