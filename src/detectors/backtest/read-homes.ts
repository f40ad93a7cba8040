import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';
import { litres } from '../../domain/metering/units.ts';
import { AppError } from '../../core/errors.ts';
import { type Tier, TIERS } from '../tier-policy.ts';
import { recordedClock } from './recorded-clock.ts';

/** A real home: what its one meter reported, in the order of its clock. */
export interface RecordedHome {
  readonly meter: string;
  readonly readings: readonly RegisterReading[];
  /** Of the people of the home, where the file of households has a column `tier`. */
  readonly tier?: Tier | undefined;
}

/** Which of the households are taken: those with so many members, or every so manieth from a place on; all when left out. */
export interface HomeFilter {
  readonly members?: readonly string[] | undefined;
  readonly fold?: { readonly place: number; readonly folds: number } | undefined;
}

/**
 * Reads homes from a file of readings (`meter,local_time,register_l`, `.csv` or `.csv.gz`, in order of time for each
 * meter) and keeps those that the file of households (`meter,...`) names.
 *
 * Registers are rounded down to whole litres. A wall clock that shows an hour twice is taken to go on: the second
 * time is the later one.
 *
 * @throws AppError `input_invalid` where a column is missing, a line cannot be read or no home is left.
 */
export async function readHomes(
  readingsFile: string,
  householdsFile: string,
  zone: string,
  filter: HomeFilter = {},
): Promise<RecordedHome[]> {
  const wanted = await householdsOf(householdsFile, filter);
  const clock = recordedClock(zone);
  const byMeter = new Map([...wanted].map(([meter]): [string, RegisterReading[]] => [meter, []]));
  for await (const [meter = '', localTime = '', register = ''] of linesOf(readingsFile, COLUMNS)) {
    const readings = byMeter.get(meter);
    if (!readings) continue;
    const readAtMs = clock.momentOf(localTime, readings.at(-1)?.readAtMs);
    const indexLitres = litres(Math.floor(Number(register)));
    if (!Number.isFinite(readAtMs + indexLitres) || register === '') {
      throw new AppError('input_invalid', `${readingsFile}: cannot read ${meter},${localTime},${register}`);
    }
    readings.push({ readAtMs, indexLitres });
  }
  const homes = [...byMeter].filter(([, readings]) => readings.length > 0);
  if (homes.length === 0) {
    throw new AppError('input_invalid', `${readingsFile} has no reading of any meter that ${householdsFile} names`);
  }
  return homes.map(([meter, readings]) => ({ meter, readings, tier: wanted.get(meter) }));
}

const COLUMNS = ['meter', 'local_time', 'register_l'] as const;

async function householdsOf(file: string, { members, fold }: HomeFilter): Promise<Map<string, Tier | undefined>> {
  const wanted = new Map<string, Tier | undefined>();
  let line = 0;
  const columns = ['meter', ...(members ? ['members'] : []), '?tier'];
  for await (const [meter = '', ...others] of linesOf(file, columns)) {
    const count = members ? Number(others[0] || NaN) : NaN;
    if (members && !members.some((each) => Number(each) === count)) continue;
    const tier = TIERS.find((each) => String(each) === others.at(-1));
    if (!fold || line % fold.folds === fold.place) wanted.set(meter, tier);
    line += 1;
  }
  return wanted;
}

/** The named columns of each line of a CSV file; one whose name begins with `?` may be lacking, and is empty then. */
async function* linesOf(file: string, columns: readonly string[]): AsyncGenerator<readonly string[]> {
  const raw = createReadStream(file);
  const text = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const parser = parse({ bom: true, skip_empty_lines: true });
  text.on('error', (error: Error) => parser.destroy(error));
  raw.on('error', (error) => parser.destroy(error));
  let places: number[] | undefined;
  for await (const line of text.pipe(parser) as AsyncIterable<readonly string[]>) {
    if (places) {
      yield places.map((place) => line[place] ?? '');
      continue;
    }
    places = columns.map((column) => line.indexOf(column.replace('?', '')));
    const missing = columns.filter((column) => !column.startsWith('?') && !line.includes(column));
    if (missing.length > 0) throw new AppError('input_invalid', `${file} lacks the columns ${missing.join(', ')}`);
  }
}
