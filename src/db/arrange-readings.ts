import type { NewReading } from './new-reading.ts';

/** The readings of a batch, laid out for writing. */
export interface ArrangedReadings {
  /** Most likely not stored yet: one for each (meter, time), in that order. */
  readonly fresh: readonly NewReading[];
  /** Perhaps stored already, or in contradiction to a fresh one; in the same order, and by arrival where that is equal. */
  readonly doubtful: readonly NewReading[];
}

/** The newest reading of each meter that this process has seen, to guess which readings were stored before. */
export interface NewestTimes {
  /** Whether the reading is not newer than the newest one. If it is, it becomes the newest. */
  readonly covers: (reading: NewReading) => boolean;
}

/** Beyond this many meters, all are forgotten: some 10 MB. A forgotten meter costs time once, and nothing else. */
const MAX_REMEMBERED = 200_000;

export function createNewestTimes(): NewestTimes {
  const newest = new Map<number, number>();
  return {
    covers: ({ meterId, readAtMs }) => {
      if (readAtMs <= (newest.get(meterId) ?? -Infinity)) return true;
      if (newest.size >= MAX_REMEMBERED) newest.clear();
      newest.set(meterId, readAtMs);
      return false;
    },
  };
}

/** Where nothing is known of any meter, every reading is taken for new. */
export const NOTHING_SEEN: NewestTimes = { covers: () => false };

/**
 * Sorts readings by meter and time, so that two writers who share some never wait for each other in a circle, and
 * divides them by how likely they are new. Of a reading that comes twice with the same value, the first is kept.
 *
 * This is a guess for the sake of speed: a wrong one costs time and changes no row.
 */
export function arrangeReadings(readings: readonly NewReading[], newest: NewestTimes): ArrangedReadings {
  const fresh: NewReading[] = [];
  const doubtful: NewReading[] = [];
  let lastFresh: NewReading | undefined;
  for (const reading of readings.toSorted(byMeterAndTime)) {
    if (lastFresh?.meterId === reading.meterId && lastFresh.readAtMs === reading.readAtMs) {
      if (lastFresh.indexLitres !== reading.indexLitres) doubtful.push(reading);
    } else if (newest.covers(reading)) {
      doubtful.push(reading);
    } else {
      fresh.push(reading);
      lastFresh = reading;
    }
  }
  return { fresh, doubtful };
}

/** The same, where the guess was wrong: nothing is taken for new. */
export function allDoubtful(readings: readonly NewReading[]): ArrangedReadings {
  return { fresh: [], doubtful: readings.toSorted(byMeterAndTime) };
}

function byMeterAndTime(a: NewReading, b: NewReading): number {
  return a.meterId - b.meterId || a.readAtMs - b.readAtMs;
}
