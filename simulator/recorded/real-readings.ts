import { z } from 'zod';
import { HOUR_MS } from '../../src/domain/time.ts';

/** A real home's water, hour by hour, cut so that it can be lived through again and again. */
export interface RealReadings {
  /** What the register showed when the recording began, in whole litres. */
  readonly firstIndexLitres: number;
  /** Whole litres in each hour. Whole days, each from midnight to midnight by the home's own clocks. */
  readonly litresByHour: readonly number[];
}

const HOURS_A_DAY = 24;
const row = z.tuple([z.coerce.number().int(), z.coerce.number().nonnegative()]);

/**
 * Reads a recording: CSV with the columns `unix_ts,register_litres`, one row at each full hour, the first at a local
 * midnight. Litres are floored to what a whole-litre dial shows; hours after the last whole day are left out.
 *
 * @throws Error naming the line when a row is malformed, an hour is missing or the register falls.
 */
export function readRealHome(csv: string): RealReadings {
  const [header, ...lines] = csv.trim().split(/\r?\n/);
  if (header !== 'unix_ts,register_litres') throw new Error('line 1: expected the columns unix_ts,register_litres');

  const readings = lines.map(parseRow);
  const litresByHour = readings.slice(1).map((reading, index) => volumeSince(readings[index], reading, index + 3));
  const wholeDays = Math.floor(litresByHour.length / HOURS_A_DAY);
  const [first] = readings;
  if (!first || wholeDays === 0) throw new Error('the recording is shorter than a day');
  return { firstIndexLitres: first.indexLitres, litresByHour: litresByHour.slice(0, wholeDays * HOURS_A_DAY) };
}

interface RecordedReading {
  readonly atMs: number;
  readonly indexLitres: number;
}

function parseRow(line: string, index: number): RecordedReading {
  const parsed = row.safeParse(line.split(','));
  if (!parsed.success) throw new Error(`line ${index + 2}: expected a time in seconds and litres`);
  return { atMs: parsed.data[0] * 1_000, indexLitres: Math.floor(parsed.data[1]) };
}

function volumeSince(previous: RecordedReading | undefined, current: RecordedReading, line: number): number {
  if (!previous || current.atMs - previous.atMs !== HOUR_MS)
    throw new Error(`line ${line}: not an hour after the last`);
  if (current.indexLitres < previous.indexLitres) throw new Error(`line ${line}: the register falls`);
  return current.indexLitres - previous.indexLitres;
}
