import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';

/** What should be told: that nobody uses water, that a tap runs, or that something drips. */
export type Call = 'stillness' | 'running' | 'leak';

/** Something that happens to a home whose real readings know nothing of it. */
export interface Injection {
  readonly name: string;
  /** What should be told of it; `harmless` calls for nothing. */
  readonly calls: Call | 'harmless';
  /** For so long after the onset it is played. */
  readonly horizonMs: number;
  /** Somebody said beforehand that the home will be empty for so long. */
  readonly announcedMs?: number;
  /** A leak that ran all the time, before the incident as well, in litres an hour. */
  readonly standingLeak: number;
  /** Shown on a dial of so many litres that starts again at zero a little after the onset. */
  readonly dialLitres?: number;
  /** What the meter would have said from `onsetMs` on, for each real reading after it. */
  readonly apply: (readings: readonly RegisterReading[], onsetMs: number, atOnset: number) => RegisterReading[];
}

export const HORIZON_MS = 96 * HOUR_MS;

/** Everything that is played. */
export const INJECTIONS: readonly Injection[] = [
  stop('stop', 0),
  ...[1, 3, 5, 10].map((leak) => stop(`stop under a leak of ${leak} L/h`, leak)),
  ...[60, 150, 300, 600].map((flow) => extraFlow(`tap at ${flow} L/h`, flow, 'running')),
  ...[1, 5].map((flow) => extraFlow(`leak of ${flow} L/h`, flow, 'leak')),
  ...[3, 7, 14].map((days) => away(`away ${days} days`, days)),
  ...[3, 7, 14].map((days) => ({ ...away(`away ${days} days with notice`, days), announcedMs: days * DAY_MS })),
  harmless('exchange', (reading, _onsetMs, atOnset) => Math.max(0, reading.indexLitres - atOnset)),
  harmless('backward reset', (reading, _onsetMs, atOnset) => Math.max(0, reading.indexLitres - atOnset) + 500),
  { ...harmless('rollover', ({ indexLitres }) => indexLitres), dialLitres: 10_000_000 },
  clockMoved('clock three hours slow', -3),
  clockMoved('summer time begins', 1),
  clockMoved('summer time ends', -1),
  { ...harmless('silent meter', ({ indexLitres }) => indexLitres), apply: () => [] },
];

/** A person who uses no more water. */
function stop(name: string, standingLeak: number): Injection {
  return {
    name,
    calls: 'stillness',
    horizonMs: HORIZON_MS,
    standingLeak,
    apply: (readings, onsetMs, atOnset) =>
      readings.map(({ readAtMs }) => ({
        readAtMs,
        indexLitres: litres(atOnset + Math.floor(((readAtMs - onsetMs) / HOUR_MS) * standingLeak)),
      })),
  };
}

/** Water that runs beside what people use. */
function extraFlow(name: string, litresPerHour: number, calls: Call): Injection {
  return {
    name,
    calls,
    horizonMs: HORIZON_MS,
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
    // Life goes on for some days after it.
    horizonMs: days * DAY_MS + HORIZON_MS,
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
    horizonMs: HORIZON_MS,
    standingLeak: 0,
    apply: (readings, onsetMs, atOnset) =>
      readings.map((reading) => ({
        readAtMs: reading.readAtMs,
        indexLitres: litres(indexOf(reading, onsetMs, atOnset)),
      })),
  };
}

/** From the onset on the meter's clock is wrong by so many hours: a hole, or times that it has shown before. */
function clockMoved(name: string, hours: number): Injection {
  return {
    ...harmless(name, ({ indexLitres }) => indexLitres),
    apply: (readings) =>
      readings.map(({ readAtMs, indexLitres }) => ({ readAtMs: readAtMs + hours * HOUR_MS, indexLitres })),
  };
}
