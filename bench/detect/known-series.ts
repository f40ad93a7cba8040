import { type IntervalConsumption, intervalsOf } from '../../src/domain/metering/interval-consumption.ts';
import type { MeterTraits, RegisterReading } from '../../src/domain/metering/register-reading.ts';

/** What has arrived of a meter so far, as intervals. */
export interface KnownSeries {
  readonly intervals: readonly IntervalConsumption[];
  /** Takes in readings, in whatever order they come. */
  readonly add: (readings: readonly RegisterReading[]) => void;
}

/** How many readings back the register that backflow left is looked for. */
const BACKFLOW_MEMORY = 48;

/** Starts with the readings that are known already. */
export function knownSeries(readings: readonly RegisterReading[], traits: MeterTraits): KnownSeries {
  let known = [...readings];
  const intervals = [...intervalsOf(known, traits)];

  /** Position of the last reading that stood at the highest register reached: what follows is understood from there. */
  let floor = Math.max(0, known.length - 1 - BACKFLOW_MEMORY);

  function append(reading: RegisterReading): void {
    known.push(reading);
    const newest = intervalsOf(known.slice(floor), traits).at(-1);
    if (!newest) return;
    intervals.push(newest);
    const floorLitres = known[floor]?.indexLitres ?? 0;
    const isForward = newest.volumeLitres > 0 || newest.kind === 'new_segment';
    if (isForward || reading.indexLitres >= floorLitres) floor = known.length - 1;
  }

  return {
    intervals,
    add: (arrived) => {
      const newestMs = known.at(-1)?.readAtMs ?? -Infinity;
      if (arrived.length === 1 && arrived[0] && arrived[0].readAtMs > newestMs) {
        append(arrived[0]);
        return;
      }
      known = [...known, ...arrived].sort((a, b) => a.readAtMs - b.readAtMs);
      intervals.splice(0, intervals.length, ...intervalsOf(known, traits));
      floor = Math.max(0, known.length - 1 - BACKFLOW_MEMORY);
    },
  };
}
