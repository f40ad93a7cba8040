import type { RegisterReading } from '../domain/metering/register-reading.ts';
import type { ReadingRun } from './reading-run.ts';

/** The readings of a batch, laid out for writing. */
export interface ArrangedReadings {
  /** Most likely not stored yet: one for each (meter, time), in that order. */
  readonly fresh: readonly ReadingRun[];
  /** Perhaps stored already, or in contradiction to a fresh one. */
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
 * Sorts what came by meter and time, so that two writers who share some never wait for each other in a circle, and
 * divides it by how likely it is new. Of a reading that comes twice with the same value, the first is kept.
 *
 * This is a guess for the sake of speed: a wrong one costs time and changes no row. As a rule the readings of a meter
 * come in the order of time and after all that are known, or again just as they came before.
 */
export function arrangeReadings(runs: readonly ReadingRun[], newest: NewestTimes): ArrangedReadings {
  const arranged = { fresh: [], doubtful: [] };
  const sorted = runs.filter(({ readings }) => readings.length > 0).sort((a, b) => a.meterId - b.meterId);
  for (let from = 0, to = 1; from < sorted.length; from = to, to += 1) {
    while (to < sorted.length && sorted[to]?.meterId === sorted[from]?.meterId) to += 1;
    arrangeMeter(sorted, from, to, newest, arranged);
  }
  return arranged;
}

/** The same, where the guess was wrong: nothing is taken for new. */
export function allDoubtful(runs: readonly ReadingRun[]): ArrangedReadings {
  return { fresh: [], doubtful: runs.filter(({ readings }) => readings.length > 0) };
}

interface Arranging {
  readonly fresh: ReadingRun[];
  readonly doubtful: ReadingRun[];
}

/** Those from `from` to `to` are of one meter, in the order of arrival. */
function arrangeMeter(
  runs: readonly ReadingRun[],
  from: number,
  to: number,
  newest: NewestTimes,
  { fresh, doubtful }: Arranging,
): void {
  const meterId = runs[from]?.meterId ?? 0;
  const newestMs = newest.of(meterId);
  const firstFresh = fresh.length;
  const firstDoubtful = doubtful.length;
  let lastMs = newestMs;
  for (let i = from; i < to; i += 1) {
    const run = runs[i];
    if (!run) continue;
    if (isAscending(run.readings, lastMs)) {
      fresh.push(run);
      lastMs = lastOf(run);
    } else if (lastOf(run) <= newestMs && isAscending(run.readings, -Infinity)) {
      doubtful.push(run);
    } else if (!fresh.slice(firstFresh).some(({ readings }) => areSame(readings, run.readings))) {
      fresh.length = firstFresh;
      doubtful.length = firstDoubtful;
      lastMs = arrangeOneByOne(runs.slice(from, to), newestMs, { fresh, doubtful });
      break;
    }
  }
  if (lastMs > newestMs) newest.set(meterId, lastMs);
}

function lastOf({ readings }: ReadingRun): number {
  return readings.at(-1)?.readAtMs ?? -Infinity;
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

function areSame(some: readonly RegisterReading[], others: readonly RegisterReading[]): boolean {
  if (some.length !== others.length) return false;
  return some.every(
    ({ readAtMs, indexLitres }, i) => others[i]?.readAtMs === readAtMs && others[i].indexLitres === indexLitres,
  );
}

/** Returns the time of the last that was taken for new. */
function arrangeOneByOne(runs: readonly ReadingRun[], newestMs: number, { fresh, doubtful }: Arranging): number {
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
  return lastFresh?.readAtMs ?? newestMs;
}

/** Each reading by itself: by time, and by arrival where that is equal. */
function oneByOne(runs: readonly ReadingRun[]): ReadingRun[] {
  return runs
    .flatMap(({ readings, ...rest }) => readings.map((reading) => ({ reading, rest })))
    .sort((a, b) => a.reading.readAtMs - b.reading.readAtMs)
    .map(({ reading, rest }) => ({ ...rest, readings: [reading] }));
}
