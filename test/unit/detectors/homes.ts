import { type Detector, joinEpisodes, momentsOf } from '../../../src/detectors/detector.ts';
import { type Excuse, type HomeSeries, homeSeries } from '../../../src/detectors/home-series.ts';
import type { Episode } from '../../../src/domain/alerting/finding.ts';
import { intervalsOf } from '../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';

export const MIDNIGHT_MS = Date.parse('2026-03-01T00:00:00Z');

/** A moment so many hours after the home's first reading. */
export function hour(hours: number): number {
  return MIDNIGHT_MS + hours * HOUR_MS;
}

/** A home whose meter reads every hour: the litres of each hour in turn, undefined where the reading was lost. */
export function home(hourlyLitres: readonly (number | undefined)[], excuses: readonly Excuse[] = []): HomeSeries {
  let index = 1_000;
  const readings = [{ readAtMs: MIDNIGHT_MS, indexLitres: litres(index) }];
  hourlyLitres.forEach((volume, i) => {
    index += volume ?? 0;
    if (volume !== undefined) readings.push({ readAtMs: hour(i + 1), indexLitres: litres(index) });
  });
  const traits = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };
  return homeSeries({
    meters: [
      { meterId: 1, boundFromMs: MIDNIGHT_MS, boundUntilMs: Infinity, intervals: intervalsOf(readings, traits) },
    ],
    excuses,
  });
}

/** What a detector finds in the whole of a home's readings. */
export function episodesOf<Rule>(detector: Detector<Rule>, series: HomeSeries, rule: Rule): Episode[] {
  return joinEpisodes(momentsOf(series), detector.conditionOf(series, rule));
}

export function hoursOf(count: number, volume: number | undefined): (number | undefined)[] {
  return Array.from({ length: count }, () => volume);
}
