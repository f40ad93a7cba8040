import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { createMeterDirectory } from '../../src/ingest/meter-directory.ts';
import { ingestCommand, type IngestArguments } from '../../src/main/commands/ingest.ts';
import { ARRIVAL } from './waterworks.ts';

export interface RunOfIngest {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

export interface RunOptions {
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Called after each chunk; asking to stop is what Ctrl-C does. */
  readonly onChunk?: (stop: () => void) => void;
}

/** A folder of the test's own, and `stillwater ingest` on the files in it. */
export function readingFiles(getPool: () => DbPool) {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillwater-readings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  return {
    path: (name: string) => join(folder, name),
    write: (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    run: async (args: IngestArguments, { stdin, onChunk }: RunOptions = {}): Promise<RunOfIngest> => {
      const printed: string[] = [];
      const complained: string[] = [];
      const stopping = new AbortController();
      const code = await ingestCommand(args, {
        pool: getPool(),
        clock: handTurnedClock(ARRIVAL),
        log: createLogger('silent'),
        meters: createMeterDirectory(getPool()),
        print: (line) => printed.push(line),
        printError: (line) => complained.push(line),
        progressOf: () => ({ show: () => onChunk?.(() => stopping.abort()), end: () => undefined }),
        stdin: stdin ?? nothing(),
        stop: stopping.signal,
      });
      return { code, printed: printed.join('\n'), complained: complained.join('\n') };
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* [];
}

/** So many readings, a minute apart and the number as the register, by the meters in turn. */
export function numberedRows(serials: readonly string[], count: number, from = 0, firstMs = Date.UTC(2020, 0, 1)) {
  return Array.from({ length: count }, (_, at) => ({
    meter: serials[(from + at) % serials.length] ?? '',
    at: new Date(firstMs + (from + at) * 60_000).toISOString(),
    index_l: from + at,
  }));
}

type Row = ReturnType<typeof numberedRows>[number];

export function asCsv(rows: readonly Row[]): string {
  return ['meter,at,index_l', ...rows.map(({ meter, at, index_l }) => `${meter},${at},${index_l}`), ''].join('\n');
}

export function asNdjson(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** The registers that are stored, in order; each numbered reading is there once when they count up without a gap. */
export async function storedNumbers(pool: DbPool): Promise<number[]> {
  const { rows } = await pool.query<{ index_l: number }>('select index_l from register_reading order by index_l');
  return rows.map(({ index_l }) => index_l);
}
