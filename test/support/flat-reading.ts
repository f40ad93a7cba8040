import { ReadingRuns } from '../../src/db/reading-runs.ts';
import { allRuns, type RunPieces } from '../../src/db/run-pieces.ts';

/** A reading as it lies in the table. Times are milliseconds since 1970. */
export interface FlatReading {
  readonly meterId: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
  readonly receivedAtMs: number;
}

/** Readings that came together. */
export interface SampleRun extends Pick<FlatReading, 'meterId' | 'receivedAtMs'> {
  readonly readings: readonly Pick<FlatReading, 'readAtMs' | 'indexLitres'>[];
}

/** A reading that came by itself. */
export function runOf({ meterId, receivedAtMs, readAtMs, indexLitres }: FlatReading): SampleRun {
  return { meterId, receivedAtMs, readings: [{ readAtMs, indexLitres }] };
}

/** The runs as they are stored, one after the other. */
export function piecesOf(samples: readonly SampleRun[]): RunPieces {
  const runs = new ReadingRuns();
  for (const { meterId, receivedAtMs, readings } of samples) {
    for (const { readAtMs, indexLitres } of readings) runs.add(readAtMs, indexLitres);
    if (readings.length > 0) runs.endRun(meterId, receivedAtMs);
  }
  return allRuns(runs);
}

/** What the pieces say, to be compared. */
export function samplesOf(pieces: RunPieces): SampleRun[] {
  const { readAtMs, indexLitres } = pieces.of;
  return pieces.runs.map((_, piece) => ({
    meterId: pieces.meterIdOf(piece),
    receivedAtMs: pieces.receivedAtMsOf(piece),
    readings: Array.from({ length: pieces.lengthOf(piece) }, (__, i) => {
      const place = (pieces.starts[piece] ?? 0) + i;
      return { readAtMs: readAtMs[place]!, indexLitres: indexLitres[place]! };
    }),
  }));
}
