import type { MeterReadings } from '../db/home-series.ts';
import { intervalsOf } from '../domain/metering/interval-consumption.ts';
import { litres } from '../domain/metering/units.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { MeterSeries } from './home-series.ts';

/** The readings of a meter while it was bound to a home, as water. */
export function meterSeries(row: MeterReadings): MeterSeries {
  const { meterId, nominalIntervalS, registerCapacityL, readAtMs, indexL, boundFrom, boundUntil } = row;
  const readings = readAtMs.map((atMs, i) => ({ readAtMs: atMs, indexLitres: litres(indexL[i] ?? 0) }));
  const traits = {
    nominalIntervalMs: nominalIntervalS * SECOND_MS,
    registerCapacityLitres: registerCapacityL === null ? undefined : litres(registerCapacityL),
  };
  return {
    meterId,
    boundFromMs: boundFrom.getTime(),
    boundUntilMs: boundUntil?.getTime() ?? Infinity,
    intervals: intervalsOf(readings, traits),
  };
}
