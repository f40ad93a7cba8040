import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import type { DbPool } from '../../../src/db/sql.ts';
import { rollUpDays } from '../../../src/ingest/roll-up/roll-up-days.ts';
import { openBareTimescale } from '../../support/timescale.ts';
import { townIn } from '../../support/town.ts';
import { openEmptyDatabase } from './stores.ts';

interface OldStore {
  readonly pool: DbPool;
  readonly run: (script: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const STORES: { readonly kind: string; readonly open: () => Promise<OldStore> }[] = [
  {
    kind: 'PostgreSQL',
    open: async () => {
      const { pool, close } = await openEmptyDatabase();
      return { pool, close, run: (script) => pool.query(script) };
    },
  },
  { kind: 'TimescaleDB', open: openBareTimescale },
];

const SCRIPTS = readdirSync('migrations').sort();
const HOUSEHOLD_DAYS = 8;
const versionOf = (name: string) => Number(name.slice(0, 3));
const scriptOf = (name: string) => readFileSync(`migrations/${name}`, 'utf8');

const MORNING = new Date('2026-03-28T00:00:00Z');
const NOW = new Date('2026-04-02T00:00:00Z');

describe.each(STORES)('a database on $kind that was in use before homes had days of their own', ({ open }) => {
  it('gets the days of every home from the readings that it has', async () => {
    const store = await open();
    for (const name of SCRIPTS.filter((each) => versionOf(each) < HOUSEHOLD_DAYS)) await store.run(scriptOf(name));
    const town = townIn(() => store.pool);
    for (const timeZone of ['Asia/Shanghai', 'Europe/Vienna']) {
      const { meterId } = await town.home({ code: timeZone.replace('/', '-'), timeZone, monitoredFrom: MORNING });
      // A litre every half hour for three days.
      await store.pool.query(
        `insert into register_reading (meter_id, read_at, index_l, received_at)
         select $1, $2::timestamptz + n * interval '30 min', 100 + n, $2 from generate_series(0, 144) n`,
        [meterId, MORNING],
      );
    }

    for (const name of SCRIPTS.filter((each) => versionOf(each) >= HOUSEHOLD_DAYS)) await store.run(scriptOf(name));
    await rollUpDays({ pool: store.pool, clock: handTurnedClock(NOW), log: createLogger('error'), keptDays: 400 });

    const { rows } = await store.pool.query(
      `select time_zone || ' ' || local_day as day, litres from household_day
       join household on id = household_id order by 1`,
    );
    expect(rows).toEqual([
      { day: 'Asia/Shanghai 2026-03-28', litres: 32 },
      { day: 'Asia/Shanghai 2026-03-29', litres: 48 },
      { day: 'Asia/Shanghai 2026-03-30', litres: 48 },
      { day: 'Asia/Shanghai 2026-03-31', litres: 16 },
      { day: 'Europe/Vienna 2026-03-28', litres: 46 },
      { day: 'Europe/Vienna 2026-03-29', litres: 46 },
      { day: 'Europe/Vienna 2026-03-30', litres: 48 },
      { day: 'Europe/Vienna 2026-03-31', litres: 4 },
    ]);
    const { rows: left } = await store.pool.query(`select to_regclass('register_day') as "oldView"`);
    expect(left).toEqual([{ oldView: null }]);
    await store.close();
  });
});
