import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { binaryRows, dateField, int8Field, orNull } from '../../../src/db/binary-rows.ts';
import { type KeptHabit, readHabits } from '../../../src/db/home-habits.ts';
import { readMeterSeries } from '../../../src/db/home-series.ts';
import { createPool } from '../../../src/db/pool.ts';
import { type Db, sql } from '../../../src/db/sql.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { unpackDays } from '../../../src/domain/habit/packed-days.ts';
import { unpackPauses } from '../../../src/domain/habit/packed-pauses.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { afterHours, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database, { policies: tierPolicies() });
const DAYS = 12;
const threeTimesADay = Array.from({ length: DAYS * 24 }, (_, hour) => ([7, 12, 19].includes(hour % 24) ? 20 : 0));

/** The same database, asked by something that knows no COPY. */
const asText = (): Db => ({ query: database.pool.query.bind(database.pool) });

/** A home with a meter that was taken away, one that stands, and one that was never heard of. */
async function homeOfThreeMeters() {
  const home = await street.home();
  const meterAt = async (serial: string, from: number, until: number | undefined, capacity: number | null) => {
    const { rows } = await database.pool.query<{ id: number }>(
      'insert into meter (serial, register_capacity_l) values ($1, $2) returning id',
      [serial, capacity],
    );
    await database.pool.query(
      'insert into meter_binding (meter_id, household_id, bound_from, bound_until) values ($1, $2, $3, $4)',
      [rows[0]?.id, home.id, afterHours(from), until === undefined ? null : afterHours(until)],
    );
    return { ...home, meterId: rows[0]?.id ?? 0 };
  };
  const removed = await meterAt(`removed-${home.id}`, 0, 30, 99_999_999);
  await meterAt(`silent-${home.id}`, 10, undefined, null);
  await street.store(removed, hourlyReadings(START, threeTimesADay.slice(0, 29)), DAYS * 24);
  await street.store(home, hourlyReadings(START, threeTimesADay), DAYS * 24);
  await database.pool.query('insert into reading_conflict values ($1, $2, 5, $2)', [home.meterId, afterHours(3.123)]);
  await database.pool.query('insert into meter_period values ($1, 3600, $2)', [home.meterId, afterHours(50)]);
  return home;
}

describe('rows in binary form', () => {
  it('say of meters and their readings what they say as text', async () => {
    const home = await homeOfThreeMeters();
    const requests = [
      { householdId: home.id, since: afterHours(20) },
      { householdId: (await street.home()).id, since: START, until: afterHours(5) },
    ];

    const series = await readMeterSeries(database.pool, requests, afterHours(DAYS * 24));

    expect(series).toHaveLength(4);
    expect(series).toEqual(await readMeterSeries(asText(), requests, afterHours(DAYS * 24)));
    expect(new Set(series.map(({ readAtMs }) => readAtMs.length > 0))).toEqual(new Set([true, false]));
  });

  it('say of habits what they say as text', async () => {
    const home = await homeOfThreeMeters();
    await street.run(DAYS * 24);

    const habits = await readHabits(database.pool, [home.id]);

    expect(habits[0]?.habit.pauses.length).toBeGreaterThan(2 * DAYS);
    expect(habits.map(asShown)).toEqual((await readHabits(asText(), [home.id])).map(asShown));
  });

  it('tell the earliest and the latest number and time, and what is null', async () => {
    const statement = sql`
      select ${-1}::int8, ${2 ** 53 - 1}::int8, ${new Date('1999-12-31T23:59:59.999Z')}::timestamptz, null::int8
    `;
    const [row] = (await binaryRows(database.pool, statement)) ?? [];

    expect([int8Field(row?.[0]), int8Field(row?.[1])]).toEqual([-1, 2 ** 53 - 1]);
    expect(dateField(row?.[2])).toEqual(new Date('1999-12-31T23:59:59.999Z'));
    expect(orNull(row?.[3], int8Field)).toBeNull();
    expect(() => int8Field(row?.[3])).toThrow('no value');
  });

  it('come whole, however many reads of the network it takes', async () => {
    const rows = await binaryRows(
      database.pool,
      sql`select n::int8, n::int8 * 7 from generate_series(1, ${50_000}::int) n`,
    );
    const wrong = rows?.filter(([n, seven], i) => int8Field(n) !== i + 1 || int8Field(seven) !== 7 * (i + 1));

    expect(rows).toHaveLength(50_000);
    expect(wrong).toEqual([]);
  });

  it.each(["'; drop table household; --", Number.NaN, ['1'], null])('take no parameter like %j', async (parameter) => {
    await expect(binaryRows(database.pool, sql`select ${parameter}`)).rejects.toThrow(TypeError);
  });

  it('that cannot be had leave the pool as it was', async () => {
    const pool = createPool(database.url, 1, createLogger('silent'), { answerWithinMs: 2_300 });
    try {
      await expect(binaryRows(pool, sql`select 1 / ${0}::int`)).rejects.toThrow('division by zero');
      // The server would answer after half a minute, whoever asks by then.
      await pool.query('set statement_timeout = 0');
      await expect(binaryRows(pool, sql`select pg_sleep(30)`)).rejects.toThrow('Query read timeout');
      expect((await pool.query('select 5 as five')).rows).toEqual([{ five: 5 }]);
    } finally {
      await pool.end();
    }
  });
});

function asShown({ habit, ...more }: KeptHabit) {
  return { ...more, ...habit, pauses: unpackPauses(habit.pauses), days: unpackDays(habit.days) };
}
