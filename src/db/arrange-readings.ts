import type { ReadingRuns } from './reading-runs.ts';
import { allRuns, RunPieces } from './run-pieces.ts';

/** The readings of a batch, laid out for writing. */
export interface ArrangedReadings {
  /** Most likely not stored yet: one for each (meter, time), in that order. */
  readonly fresh: RunPieces;
  /** Perhaps stored already, or in contradiction to a fresh one. */
  readonly doubtful: RunPieces;
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
 * Sorts what came by meter and time, so that two writers who share some do not wait for each other in a circle, and
 * divides it by how likely it is new. Of a reading that comes twice with the same value, the first is kept.
 *
 * This is a guess for the sake of speed: a wrong one costs time and changes no row. As a rule the readings of a meter
 * come in the order of time and after all that are known, or again just as they came before.
 */
export function arrangeReadings(runs: ReadingRuns, newest: NewestTimes): ArrangedReadings {
  const arranged = { fresh: new RunPieces(runs), doubtful: new RunPieces(runs) };
  const sorted = runsByMeter(runs);
  for (let from = 0, to = 1; from < sorted.length; from = to, to += 1) {
    const meterId = runs.meterIds[sorted[from] ?? 0];
    while (to < sorted.length && runs.meterIds[sorted[to] ?? 0] === meterId) to += 1;
    arrangeMeter(runs, sorted.subarray(from, to), newest, arranged);
  }
  return arranged;
}

/** The same, where the guess was wrong: nothing is taken for new. */
export function allDoubtful(runs: ReadingRuns): ArrangedReadings {
  return { fresh: new RunPieces(runs), doubtful: allRuns(runs) };
}

/** The runs of known meters, by meter, and by arrival where that is equal. */
function runsByMeter(runs: ReadingRuns): Int32Array {
  const { runs: known } = allRuns(runs);
  // One number for both, since numbers are sorted without asking back. Ids of meters are counted from 1.
  const keys = Float64Array.from(known, (run) => (runs.meterIds[run] ?? 0) * runs.count + run).sort();
  return Int32Array.from(keys, (key) => key % runs.count);
}

/** `ofMeter` are runs of one meter, in the order of arrival. */
function arrangeMeter(
  runs: ReadingRuns,
  ofMeter: Int32Array,
  newest: NewestTimes,
  { fresh, doubtful }: ArrangedReadings,
): void {
  const meterId = runs.meterIds[ofMeter[0] ?? 0] ?? 0;
  const newestMs = newest.of(meterId);
  const firstFresh = fresh.count;
  const firstDoubtful = doubtful.count;
  let lastMs = newestMs;
  for (const run of ofMeter) {
    if (isAscending(runs, run, lastMs)) {
      fresh.addRun(run);
      lastMs = runs.lastReadAtMs(run);
    } else if (runs.lastReadAtMs(run) <= newestMs && isAscending(runs, run, -Infinity)) {
      doubtful.addRun(run);
    } else if (!hasSame(fresh, firstFresh, run)) {
      fresh.cutTo(firstFresh);
      doubtful.cutTo(firstDoubtful);
      lastMs = arrangeOneByOne(runs, ofMeter, newestMs, { fresh, doubtful });
      break;
    }
  }
  if (lastMs > newestMs) newest.set(meterId, lastMs);
}

/** Whether each reading of the run is later than the one before it, and the first than this time. */
function isAscending(runs: ReadingRuns, run: number, afterMs: number): boolean {
  const { readAtMs } = runs;
  const end = runs.ends[run] ?? 0;
  let lastMs = afterMs;
  for (let i = runs.startOf(run); i < end; i += 1) {
    const ms = readAtMs[i] ?? Number.NaN;
    if (ms <= lastMs) return false;
    lastMs = ms;
  }
  return true;
}

/** Whether one of the pieces from this place on says just what the run says. */
function hasSame(pieces: RunPieces, from: number, run: number): boolean {
  for (let piece = from; piece < pieces.count; piece += 1) {
    if (areSame(pieces, piece, run)) return true;
  }
  return false;
}

function areSame(pieces: RunPieces, piece: number, run: number): boolean {
  const { readAtMs, indexLitres, ends } = pieces.of;
  const runStart = pieces.of.startOf(run);
  const length = (ends[run] ?? 0) - runStart;
  const start = pieces.starts[piece] ?? 0;
  if (pieces.lengthOf(piece) !== length) return false;
  for (let i = 0; i < length; i += 1) {
    if (readAtMs[start + i] !== readAtMs[runStart + i] || indexLitres[start + i] !== indexLitres[runStart + i])
      return false;
  }
  return true;
}

/** Returns the time of the last that was taken for new. */
function arrangeOneByOne(
  runs: ReadingRuns,
  ofMeter: Int32Array,
  newestMs: number,
  { fresh, doubtful }: ArrangedReadings,
): number {
  let last: { readonly readAtMs: number; readonly indexLitres: number } | undefined;
  for (const { run, place, ...reading } of oneByOne(runs, ofMeter)) {
    if (last?.readAtMs === reading.readAtMs) {
      if (last.indexLitres !== reading.indexLitres) doubtful.add(run, place, place + 1);
    } else if (reading.readAtMs <= newestMs) {
      doubtful.add(run, place, place + 1);
    } else {
      fresh.add(run, place, place + 1);
      last = reading;
    }
  }
  return last?.readAtMs ?? newestMs;
}

interface OneReading {
  readonly run: number;
  readonly place: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
}

/** Each reading by itself: by time, and by arrival where that is equal. */
function oneByOne(runs: ReadingRuns, ofMeter: Int32Array): OneReading[] {
  const each: OneReading[] = [];
  for (const run of ofMeter) {
    for (let place = runs.startOf(run); place < (runs.ends[run] ?? 0); place += 1) {
      each.push({
        run,
        place,
        readAtMs: runs.readAtMs[place] ?? Number.NaN,
        indexLitres: runs.indexLitres[place] ?? Number.NaN,
      });
    }
  }
  return each.sort((a, b) => a.readAtMs - b.readAtMs);
}
