import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { readMeterSeries } from '../../../src/db/home-series.ts';
import { readingCounts } from '../../../src/db/town-outcomes.ts';
import { runDetectors } from '../../../src/detectors/run-detectors.ts';
import { hourlyReadings, storeForTest } from '../../support/readings.ts';
import { openTimescale, type Timescale } from '../../support/timescale.ts';
import { townIn } from '../../support/town.ts';
import { fixedRules } from '../../support/fixed-rules.ts';

const START = new Date('2026-03-01T00:00:00Z');
const afterHours = (hours: number) => new Date(START.getTime() + hours * 3_600_000);
const town = townIn(() => timescale.pool);
const ordinary = Array.from({ length: 40 }, () => 9);
const still = Array.from({ length: 30 }, () => 0);

let timescale: Timescale;
beforeAll(async () => {
  timescale = await openTimescale();
});
afterAll(() => timescale.close());

describe('a home on TimescaleDB', () => {
  it('is judged from compressed readings as from others, and again when one comes late', async () => {
    const people = { daughter: { role: 'guardian' }, desk: { role: 'desk' } } as const;
    const home = await town.home({ code: 'T1', monitoredFrom: START, people });
    const clock = handTurnedClock(afterHours(70));
    const deps = { pool: timescale.pool, clock, log: createLogger('error'), policies: fixedRules() };
    const readings = hourlyReadings(START, [...ordinary, ...still]);
    await storeForTest(timescale.pool, home, readings, clock.now());
    await timescale.run(`select compress_chunk(chunk) from show_chunks('register_reading') chunk`);

    expect(await runDetectors(deps)).toMatchObject({ homes: 1, alertsOpened: 1 });
    const [series] = await readMeterSeries(timescale.pool, [{ householdId: home.id, since: START }], clock.now());
    expect(series?.indexL).toEqual(readings.map(({ indexLitres }) => indexLitres));
    expect(series?.readAtMs[1]).toBe(afterHours(1).getTime());

    // It belongs into the chunk that is compressed by now.
    await storeForTest(timescale.pool, home, [{ at: afterHours(39.5), indexLitres: 5_000 + 39 * 9 + 1 }], clock.now());
    expect(await runDetectors(deps)).toMatchObject({ homes: 1, alertsOpened: 0 });
    expect((await readingCounts(timescale.pool)).readings).toBe(readings.length + 1);
  });
});
