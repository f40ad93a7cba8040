import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followRetention } from '../../../src/db/retention.ts';
import { openTimescale, type Timescale } from '../../support/timescale.ts';

const DAY_MS = 86_400_000;

describe('readings on TimescaleDB', () => {
  let store: Timescale;
  beforeAll(async () => {
    store = await openTimescale();
  });
  afterAll(() => store.close());

  const read = (at: Date, litres: number) =>
    store.query('insert into register_reading values (1, $1, $2, $1) on conflict (meter_id, read_at) do nothing', [
      at,
      litres,
    ]);
  const stored = async (at: Date) =>
    (await store.query('select index_l from register_reading where meter_id = 1 and read_at = $1', [at])).rows;
  const runJobs = async (procedure: string) => {
    const { rows } = await store.query('select job_id from timescaledb_information.jobs where proc_name = $1', [
      procedure,
    ]);
    expect(rows).toHaveLength(1);
    await store.run(`call run_job(${String(rows[0]?.['job_id'])})`);
  };
  const daysAgo = async (days: number) => {
    const { rows } = await store.query('select now() as now');
    return new Date((rows[0]?.['now'] as Date).getTime() - days * DAY_MS);
  };

  it('lie in a hypertable, cut by the time of the reading into weeks', async () => {
    const { rows } = await store.query(
      `select column_name, time_interval::text from timescaledb_information.dimensions
       where hypertable_name = 'register_reading'`,
    );
    expect(rows).toEqual([{ column_name: 'read_at', time_interval: '7 days' }]);
  });

  it('are compressed after a month, stay readable, and take what comes late', async () => {
    const [old, late] = [await daysAgo(60), await daysAgo(60.05)];
    await read(old, 500);
    await runJobs('policy_compression');

    const { rows } = await store.query('select is_compressed from timescaledb_information.chunks');
    expect(rows).toContainEqual({ is_compressed: true });
    expect(await stored(old)).toEqual([{ index_l: 500 }]);

    await read(late, 490);
    await read(old, 777);
    expect(await stored(late)).toEqual([{ index_l: 490 }]);
    expect(await stored(old)).toEqual([{ index_l: 500 }]);
  });

  it('are forgotten after four hundred days', async () => {
    const [ancient, recent] = [await daysAgo(500), await daysAgo(390)];
    await read(ancient, 1);
    await read(recent, 2);
    await runJobs('policy_retention');

    expect(await stored(ancient)).toEqual([]);
    expect(await stored(recent)).toEqual([{ index_l: 2 }]);
  });

  it('are forgotten later or sooner when the setting says so', async () => {
    await followRetention(store.pool, 130);
    expect(await followRetention(store.pool, 130)).toBe(false);
    const [old, recent] = [await daysAgo(150), await daysAgo(120)];
    await read(old, 3);
    await read(recent, 4);
    await runJobs('policy_retention');

    expect(await stored(old)).toEqual([]);
    expect(await stored(recent)).toEqual([{ index_l: 4 }]);
  });
});
