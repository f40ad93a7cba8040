import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { wallClock } from './wall-clock.ts';

/** A real home: what its one meter reported, in the order of its clock. */
export interface RecordedHome {
  readonly meter: string;
  readonly readings: readonly RegisterReading[];
}

interface ReadingLine {
  readonly meter: string;
  readonly local_time: string;
  readonly register_l: string;
}

/**
 * Reads homes from a file of readings (`meter,local_time,register_l`, `.csv` or `.csv.gz`, in order of time for each
 * meter) and keeps those that the file of households (`meter,...`) names.
 *
 * Registers are rounded down to whole litres. A wall clock that shows an hour twice is taken to go on: the second
 * time is the later one.
 */
export async function readHomes(readingsFile: string, householdsFile: string, zone: string): Promise<RecordedHome[]> {
  const wanted = new Set<string>();
  for await (const { meter } of linesOf<{ meter: string }>(householdsFile, ['meter'])) wanted.add(meter);
  const clock = wallClock(zone);
  const byMeter = new Map<string, RegisterReading[]>();
  for await (const line of linesOf<ReadingLine>(readingsFile, ['meter', 'local_time', 'register_l'])) {
    if (!wanted.has(line.meter)) continue;
    const readings = byMeter.get(line.meter) ?? [];
    byMeter.set(line.meter, readings);
    const readAtMs = clock.momentOf(line.local_time, readings.at(-1)?.readAtMs);
    readings.push({ readAtMs, indexLitres: litres(Math.floor(Number(line.register_l))) });
  }
  if (byMeter.size === 0) throw new Error(`${readingsFile} has no reading of any meter that ${householdsFile} names`);
  return [...byMeter].map(([meter, readings]) => ({ meter, readings }));
}

async function* linesOf<Line>(file: string, columns: readonly string[]): AsyncGenerator<Line> {
  const raw = createReadStream(file);
  const text = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const parser = parse({ bom: true, columns: true, skip_empty_lines: true });
  text.on('error', (error: Error) => parser.destroy(error));
  raw.on('error', (error) => parser.destroy(error));
  let isFirst = true;
  for await (const line of text.pipe(parser) as AsyncIterable<Line & object>) {
    const missing = isFirst ? columns.filter((column) => !(column in line)) : [];
    if (missing.length > 0) throw new Error(`${file} lacks the columns ${missing.join(', ')}`);
    isFirst = false;
    yield line;
  }
}
