import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';

/** What should be told: that nobody uses water, that a tap runs, that something drips, or that a meter says nothing. */
export type Call = 'stillness' | 'running' | 'leak' | 'silence';

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
  /** By so much the times are wrong that the meter gives from the onset on. It sends when it always did. */
  readonly clockMovedMs?: number;
  /** What the meter would have said from `onsetMs` on, given its readings after it. */
  readonly apply: (readings: readonly RegisterReading[], onsetMs: number, atOnset: number) => RegisterReading[];
}

export const HORIZON_MS = 96 * HOUR_MS;

/** Everything that is played. */
export const INJECTIONS: readonly Injection[] = [
  stop('stop', 0),
  ...[1, 3, 5, 10].map((leak) => stop(`stop under a leak of ${leak} L/h`, leak)),
  ...[60, 150, 300, 600].map((flow) => extraFlow(`tap at ${flow} L/h`, flow, 'running')),
  ...[1, 3, 5, 10].map((flow) => extraFlow(`leak of ${flow} L/h`, flow, 'leak')),
  ...[3, 7, 14].map((days) => away(`away ${days} days`, days)),
  ...[3, 7, 14].map((days) => ({ ...away(`away ${days} days with notice`, days), announcedMs: days * DAY_MS })),
  harmless('exchange', (reading, _onsetMs, atOnset) => Math.max(0, reading.indexLitres - atOnset)),
  harmless('backward reset', (reading, _onsetMs, atOnset) => Math.max(0, reading.indexLitres - atOnset) + 500),
  { ...harmless('rollover', ({ indexLitres }) => indexLitres), dialLitres: 10_000_000 },
  clockMoved('clock three hours slow', -3),
  clockMoved('summer time begins', 1),
  clockMoved('summer time ends', -1),
  { ...harmless('silent meter', ({ indexLitres }) => indexLitres), calls: 'silence', apply: () => [] },
];

/**
 * A person who uses no more water. From then on the meter reports every hour: how well a rule bears what is lost or late
 * is for the ways of arriving to show, the same for all rules.
 */
function stop(name: string, standingLeak: number): Injection {
  return {
    name,
    calls: 'stillness',
    horizonMs: HORIZON_MS,
    standingLeak,
    apply: (_readings, onsetMs, atOnset) =>
      hoursAfter(onsetMs).map((readAtMs, hour) => ({
        readAtMs,
        indexLitres: litres(atOnset + (hour + 1) * standingLeak),
      })),
  };
}

/** Water that runs beside what people use. The meter reports every hour; what ran in a real hole is spread over it. */
function extraFlow(name: string, litresPerHour: number, calls: Call): Injection {
  return {
    name,
    calls,
    horizonMs: HORIZON_MS,
    standingLeak: 0,
    apply: (readings, onsetMs, atOnset) => {
      const real = [{ readAtMs: onsetMs, indexLitres: litres(atOnset) }, ...readings];
      let next = 1;
      return hoursAfter(onsetMs).map((readAtMs, hour) => {
        while (next < real.length - 1 && (real[next]?.readAtMs ?? 0) < readAtMs) next += 1;
        const drawn = registerAt(real[next - 1], real[next], readAtMs);
        return { readAtMs, indexLitres: litres(drawn + (hour + 1) * litresPerHour) };
      });
    },
  };
}

function hoursAfter(onsetMs: number): number[] {
  return Array.from({ length: HORIZON_MS / HOUR_MS }, (_, hour) => onsetMs + (hour + 1) * HOUR_MS);
}

/** Where the register stood between two readings, or at the nearer of them. */
function registerAt(before: RegisterReading | undefined, after: RegisterReading | undefined, atMs: number): number {
  const from = before?.indexLitres ?? 0;
  if (!before || !after || after.readAtMs <= before.readAtMs) return from;
  const share = Math.min(1, Math.max(0, (atMs - before.readAtMs) / (after.readAtMs - before.readAtMs)));
  return Math.floor(from + (after.indexLitres - from) * share);
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
        indexLitres: litres(readAtMs <= untilMs ? atOnset : Math.max(0, atOnset + indexLitres - atReturn)),
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
  return { ...harmless(name, ({ indexLitres }) => indexLitres), clockMovedMs: hours * HOUR_MS };
}
