import { type IntervalConsumption, intervalsOf } from '../../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../../src/domain/time.ts';

/** A Sunday. */
export const STARTS_MS = Date.parse('2026-03-01T00:00:00Z');

/** A moment so many hours after the first reading. */
export function hour(hours: number): number {
  return STARTS_MS + hours * HOUR_MS;
}

/** What an hourly meter says: the litres of each hour in turn, undefined where the reading was lost. */
export function hours(hourly: readonly (number | undefined)[]): IntervalConsumption[] {
  let index = 1_000;
  const readings = [{ readAtMs: STARTS_MS, indexLitres: litres(index) }];
  hourly.forEach((volume, i) => {
    index += volume ?? 0;
    if (volume !== undefined) readings.push({ readAtMs: hour(i + 1), indexLitres: litres(index) });
  });
  return intervalsOf(readings, { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined });
}

export function times<Each>(count: number, ...each: readonly Each[]): Each[] {
  return Array.from({ length: count }, () => each).flat();
}
