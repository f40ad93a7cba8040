import type { RegisterReading } from '../domain/metering/register-reading.ts';
import type { ReadingRun } from './reading-run.ts';

/** The readings of a batch, laid out for writing. */
export interface ArrangedReadings {
  /** Most likely not stored yet: one for each (meter, time), in that order. */
  readonly fresh: readonly ReadingRun[];
  /** Perhaps stored already, or in contradiction to a fresh one; in the same order, and by arrival where that is equal. */
  readonly doubtful: readonly ReadingRun[];
}

/** The newest reading of each meter that this process has seen, to guess which readings were stored before. */
export interface NewestTimes {
  /** Milliseconds since 1970; minus infinity for a meter of which nothing is known. */
  readonly of: (meterId: number) => number;
  readonly set: (meterId: number, readAtMs: number) => void;
}

/** Beyond this many meters, all are forgotten: some 10 MB. A forgotten meter costs time once, and nothing else. */
const MAX_REMEMBERED = 200_000;

export function createNewestTimes(): NewestTimes {
  const newest = new Map<number, number>();
  return {
    of: (meterId) => newest.get(meterId) ?? -Infinity,
    set: (meterId, readAtMs) => {
      if (newest.size >= MAX_REMEMBERED) newest.clear();
      newest.set(meterId, readAtMs);
    },
  };
}

/** Where nothing is known of any meter, every reading is taken for new. */
export const NOTHING_SEEN: NewestTimes = { of: () => -Infinity, set: () => undefined };

/**
 * Sorts readings by meter and time, so that two writers who share some never wait for each other in a circle, and
 * divides them by how likely they are new. Of a reading that comes twice with the same value, the first is kept.
 *
 * This is a guess for the sake of speed: a wrong one costs time and changes no row. As a rule the readings of a meter
 * come in the order of time and after all that are known, and are passed on as they came.
 */
export function arrangeReadings(runs: readonly ReadingRun[], newest: NewestTimes): ArrangedReadings {
  const fresh: ReadingRun[] = [];
  const doubtful: ReadingRun[] = [];
  for (const ofMeter of byMeter(runs)) {
    const [only] = ofMeter;
    if (!only) continue;
    if (ofMeter.length === 1 && isAscending(only.readings, newest.of(only.meterId))) fresh.push(only);
    else divide(ofMeter, newest.of(only.meterId), fresh, doubtful);
    const last = fresh.at(-1);
    if (last?.meterId === only.meterId) newest.set(only.meterId, last.readings.at(-1)?.readAtMs ?? -Infinity);
  }
  return { fresh, doubtful };
}

/** The same, where the guess was wrong: nothing is taken for new. */
export function allDoubtful(runs: readonly ReadingRun[]): ArrangedReadings {
  return { fresh: [], doubtful: [...byMeter(runs)].flatMap(oneByOne) };
}

/** The runs of each meter, in the order of arrival; the meters in the order of their ids. */
function* byMeter(runs: readonly ReadingRun[]): Generator<readonly ReadingRun[]> {
  const sorted = runs.filter(({ readings }) => readings.length > 0).sort((a, b) => a.meterId - b.meterId);
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (sorted[to]?.meterId === sorted[from]?.meterId) to += 1;
    yield sorted.slice(from, to);
    from = to;
  }
}

/** Whether each is later than the one before it, and the first than this time. */
function isAscending(readings: readonly RegisterReading[], afterMs: number): boolean {
  let lastMs = afterMs;
  for (const { readAtMs } of readings) {
    if (readAtMs <= lastMs) return false;
    lastMs = readAtMs;
  }
  return true;
}

function divide(runs: readonly ReadingRun[], newestMs: number, fresh: ReadingRun[], doubtful: ReadingRun[]): void {
  let lastFresh: RegisterReading | undefined;
  for (const run of oneByOne(runs)) {
    const [reading] = run.readings;
    if (!reading) continue;
    if (lastFresh?.readAtMs === reading.readAtMs) {
      if (lastFresh.indexLitres !== reading.indexLitres) doubtful.push(run);
    } else if (reading.readAtMs <= newestMs) {
      doubtful.push(run);
    } else {
      fresh.push(run);
      lastFresh = reading;
    }
  }
}

/** Each reading by itself: by time, and by arrival where that is equal. */
function oneByOne(runs: readonly ReadingRun[]): ReadingRun[] {
  return runs
    .flatMap(({ readings, ...rest }) => readings.map((reading) => ({ reading, rest })))
    .sort((a, b) => a.reading.readAtMs - b.reading.readAtMs)
    .map(({ reading, rest }) => ({ ...rest, readings: [reading] }));
}
