import { NO_METER, type ReadingRuns } from './reading-runs.ts';

/** A choice of readings, in an order of its own: pieces of runs, or whole ones. */
export class RunPieces {
  readonly of: ReadingRuns;
  /** The run that each piece belongs to. */
  readonly runs: number[] = [];
  /** Where it begins and ends among all readings. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** How many readings there are in all. */
  readings = 0;

  constructor(of: ReadingRuns) {
    this.of = of;
  }

  get count(): number {
    return this.runs.length;
  }

  addRun(run: number): void {
    this.add(run, this.of.startOf(run), this.of.ends[run] ?? 0);
  }

  add(run: number, start: number, end: number): void {
    this.runs.push(run);
    this.starts.push(start);
    this.ends.push(end);
    this.readings += end - start;
  }

  /** Goes back to the first so many pieces. */
  cutTo(count: number): void {
    for (let piece = count; piece < this.count; piece += 1) this.readings -= this.lengthOf(piece);
    this.runs.length = count;
    this.starts.length = count;
    this.ends.length = count;
  }

  lengthOf(piece: number): number {
    return (this.ends[piece] ?? 0) - (this.starts[piece] ?? 0);
  }

  meterIdOf(piece: number): number {
    return this.of.meterIds[this.runs[piece] ?? 0] ?? 0;
  }

  receivedAtMsOf(piece: number): number {
    return this.of.receivedAtMs[this.runs[piece] ?? 0] ?? Number.NaN;
  }

  firstReadAtMsOf(piece: number): number {
    return this.of.readAtMs[this.starts[piece] ?? 0] ?? Number.NaN;
  }

  lastReadAtMsOf(piece: number): number {
    return this.of.readAtMs[(this.ends[piece] ?? 0) - 1] ?? Number.NaN;
  }

  /** The same pieces without those that stand at one of these places. */
  without(places: ReadonlySet<number>): RunPieces {
    if (places.size === 0) return this;
    const left = new RunPieces(this.of);
    for (let piece = 0; piece < this.count; piece += 1) {
      if (!places.has(piece)) left.add(this.runs[piece] ?? 0, this.starts[piece] ?? 0, this.ends[piece] ?? 0);
    }
    return left;
  }
}

/** All runs whose meter is known, in the order they came. */
export function allRuns(of: ReadingRuns): RunPieces {
  const pieces = new RunPieces(of);
  for (let run = 0; run < of.count; run += 1) if (of.meterIds[run] !== NO_METER) pieces.addRun(run);
  return pieces;
}
