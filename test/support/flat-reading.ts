import type { ReadingRun } from '../../src/db/reading-run.ts';
import { litres } from '../../src/domain/metering/units.ts';

/** A reading as it lies in the table. Times are milliseconds since 1970. */
export interface FlatReading {
  readonly meterId: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
  readonly receivedAtMs: number;
}

/** A reading that came by itself. */
export function runOf({ meterId, receivedAtMs, readAtMs, indexLitres }: FlatReading): ReadingRun {
  return { meterId, receivedAtMs, readings: [{ readAtMs, indexLitres: litres(indexLitres) }] };
}
