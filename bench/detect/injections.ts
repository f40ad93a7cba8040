import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';

/** Something that happens to a home whose real readings know nothing of it. */
export interface Injection {
  readonly name: string;
  /** `stillness` or `running` should be told; `harmless` should not. */
  readonly calls: 'stillness' | 'running' | 'harmless';
  /** A leak that ran all the time, before the incident as well, in litres an hour. */
  readonly standingLeak: number;
  /** Shown on a dial of so many litres that starts again at zero a little after the onset. */
  readonly dialLitres?: number;
  /** What the meter would have said from `onsetMs` on, for each real reading after it. */
  readonly apply: (readings: readonly RegisterReading[], onsetMs: number, atOnset: number) => RegisterReading[];
}

/** Everything that is played. */
export const INJECTIONS: readonly Injection[] = [
  stop('stop', 0),
  ...[1, 3, 5, 10].map((leak) => stop(`stop under a leak of ${leak} L/h`, leak)),
  ...[60, 150, 300, 600].map((flow) => extraFlow(`tap at ${flow} L/h`, flow)),
  extraFlow('leak of 1 L/h', 1),
  extraFlow('leak of 5 L/h', 5),
  away('away 3 days', 3),
  away('away 7 days', 7),
  away('away 14 days', 14),
  harmless('exchange', (reading, _onsetMs, atOnset) => Math.max(0, reading.indexLitres - atOnset)),
  harmless('backward reset', (reading, _onsetMs, atOnset) => Math.max(0, reading.indexLitres - atOnset) + 500),
  { ...harmless('rollover', ({ indexLitres }) => indexLitres), dialLitres: 10_000_000 },
  { ...harmless('clock an hour slow', ({ indexLitres }) => indexLitres), apply: slowClock },
  { ...harmless('silent meter', ({ indexLitres }) => indexLitres), apply: () => [] },
];

/** A person who uses no more water. */
function stop(name: string, standingLeak: number): Injection {
  return {
    name,
    calls: 'stillness',
    standingLeak,
    apply: (readings, onsetMs, atOnset) =>
      readings.map(({ readAtMs }) => ({
        readAtMs,
        indexLitres: litres(atOnset + Math.floor(((readAtMs - onsetMs) / HOUR_MS) * standingLeak)),
      })),
  };
}

/** Water that runs beside what people use. */
function extraFlow(name: string, litresPerHour: number): Injection {
  return {
    name,
    calls: 'running',
    standingLeak: 0,
    apply: (readings, onsetMs) =>
      readings.map(({ readAtMs, indexLitres }) => ({
        readAtMs,
        indexLitres: litres(indexLitres + Math.floor(((readAtMs - onsetMs) / HOUR_MS) * litresPerHour)),
      })),
  };
}

/** Nobody is at home for so many days; then life goes on as it was. */
function away(name: string, days: number): Injection {
  return {
    name,
    calls: 'harmless',
    standingLeak: 0,
    apply: (readings, onsetMs, atOnset) => {
      const untilMs = onsetMs + days * DAY_MS;
      const atReturn = readings.findLast(({ readAtMs }) => readAtMs <= untilMs)?.indexLitres ?? atOnset;
      return readings.map(({ readAtMs, indexLitres }) => ({
        readAtMs,
        indexLitres: litres(readAtMs <= untilMs ? atOnset : atOnset + indexLitres - atReturn),
      }));
    },
  };
}

function harmless(
  name: string,
  indexOf: (reading: RegisterReading, onsetMs: number, atOnset: number) => number,
): Injection {
  return {
    name,
    calls: 'harmless',
    standingLeak: 0,
    apply: (readings, onsetMs, atOnset) =>
      readings.map((reading) => ({
        readAtMs: reading.readAtMs,
        indexLitres: litres(indexOf(reading, onsetMs, atOnset)),
      })),
  };
}

function slowClock(readings: readonly RegisterReading[]): RegisterReading[] {
  return readings.map(({ readAtMs, indexLitres }) => ({ readAtMs: readAtMs - HOUR_MS, indexLitres }));
}
