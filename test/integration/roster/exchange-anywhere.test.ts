import fc from 'fast-check';
import { expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { readMeterSeries } from '../../../src/db/home-series.ts';
import { intervalsOf } from '../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { exchangeMeter } from '../../../src/roster/exchange-meter.ts';
import { useDatabase } from '../../support/database.ts';
import { type Reading, storeForTest } from '../../support/readings.ts';
import { townIn } from '../../support/town.ts';

const database = useDatabase();
const START = new Date('2026-03-01T00:00:00Z');
const AFTERWARDS = new Date('2026-04-01T00:00:00Z');
const TRAITS = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };
const hour = (n: number) => new Date(START.getTime() + n * HOUR_MS);

const exchanges = fc.record({
  used: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 24 }),
  /** At a part of the time, anywhere but at its very beginning; on the hour or between two readings. */
  part: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  onTheHour: fc.boolean(),
  /** What the new dial shows first, below or far above what the old one shows. */
  firstIndexL: fc.constantFrom(0, 7, 4_990, 5_010, 900_000),
});

it('takes no litre away and adds none, wherever a meter is exchanged, and has both indices on file', async () => {
  const town = townIn(() => database.pool);
  let homes = 0;
  await fc.assert(
    fc.asyncProperty(exchanges, async ({ used, part, onTheHour, firstIndexL }) => {
      const home = await town.home({ code: `X${(homes += 1)}`, monitoredFrom: START });
      const hours = Math.max(onTheHour ? 1 : 0.01, part * used.length);
      const at = hour(onTheHour ? Math.floor(hours) : hours);
      const totals = used.map((_, n) => used.slice(0, n).reduce((sum, each) => sum + each, 0));
      const whole = totals.map((total, n) => ({ at: hour(n), indexLitres: 5_000 + total }));
      const old = whole.filter((reading) => reading.at < at);
      const turnedBefore = old.at(-1)!.indexLitres;
      const fresh = whole
        .filter((reading) => reading.at >= at)
        .map((reading) => ({ ...reading, indexLitres: reading.indexLitres - turnedBefore + firstIndexL }));
      const newSerial = `${home.serial}-new`;
      const deps = { pool: database.pool, clock: handTurnedClock(AFTERWARDS), actor: 'a fitter' };
      await exchangeMeter(deps, { oldSerial: home.serial, newSerial, at, finalIndexL: turnedBefore, firstIndexL });
      await storeForTest(database.pool, home, old, AFTERWARDS);
      await storeForTest(database.pool, { ...home, meterId: await idOf(newSerial) }, fresh, AFTERWARDS);

      const series = await readMeterSeries(database.pool, [{ householdId: home.id, since: START }], AFTERWARDS);
      const intervals = series.flatMap(({ readAtMs, indexL }) =>
        intervalsOf(
          readAtMs.map((ms, n) => ({ readAtMs: ms, indexLitres: litres(indexL[n]!) })),
          TRAITS,
        ),
      );
      expect(intervals.map(({ fromMs, volumeLitres }) => [fromMs, volumeLitres])).toEqual(
        [...steps(old), ...steps(fresh)].map(([from, volume]) => [from.getTime(), volume]),
      );
      expect(intervals.every(({ volumeLitres }) => volumeLitres >= 0 && volumeLitres <= 400)).toBe(true);
      expect(await indicesAt(home.id)).toEqual([
        { first_index_l: null, final_index_l: turnedBefore },
        { first_index_l: firstIndexL, final_index_l: null },
      ]);
    }),
    { numRuns: 40 },
  );
});

function steps(readings: readonly Reading[]): [Date, number][] {
  return readings
    .slice(1)
    .map((reading, n) => [readings[n]!.at, reading.indexLitres - readings[n]!.indexLitres] as [Date, number]);
}

async function idOf(serial: string): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>('select id from meter where serial = $1', [serial]);
  return rows[0]!.id;
}

async function indicesAt(householdId: number) {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    'select first_index_l, final_index_l from meter_binding where household_id = $1 order by bound_from',
    [householdId],
  );
  return rows;
}
