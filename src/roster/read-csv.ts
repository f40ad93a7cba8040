import { CsvError, type Info, parse } from 'csv-parse/sync';
import { ok } from '../core/result.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import type { RosterFile, RosterMistake } from './roster-files.ts';

/** One line under the header. A cell that is empty is not there. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  /** False when the text, its lines or its header could not be made out: then there are no rows. */
  readonly readable: boolean;
  readonly rows: readonly CsvRow[];
  readonly mistakes: readonly RosterMistake[];
}

export interface Columns {
  readonly known: readonly string[];
  readonly required: readonly string[];
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

const LONGEST_LINE = 16_384;

/**
 * Splits a file into named cells. A byte-order mark, either kind of line end, quotes, empty lines and spaces around a
 * cell are understood; the columns may come in any order. A header that is wrong yields no rows at all.
 */
export function readCsv({ path, text }: RosterFile, columns: Columns): CsvTable {
  const decoded = typeof text === 'string' ? ok(text) : decodeUtf8(path, text);
  if (!decoded.ok) return { readable: false, rows: [], mistakes: [decoded.error] };

  const split = splitLines(decoded.value);
  if ('message' in split) return { readable: false, rows: [], mistakes: [{ path, column: undefined, ...split }] };

  const [header, ...body] = split.lines;
  const faults = headerFaults(header?.cells ?? [], columns);
  if (!header || faults.length > 0) {
    const line = header?.line ?? 1;
    return { readable: false, rows: [], mistakes: faults.map((fault) => ({ path, line, ...fault })) };
  }
  const fits = ({ cells }: Line) => cells.length === header.cells.length;
  return {
    readable: true,
    rows: body.filter(fits).map((line) => nameCells(header, line)),
    mistakes: body
      .filter((line) => !fits(line))
      .map(({ line, cells }) => ({
        path,
        line,
        column: undefined,
        message: `expected ${header.cells.length} cells as in the header, found ${cells.length}`,
      })),
  };
}

/** The records with the line each begins in, or where and why they cannot be told apart. */
function splitLines(text: string): { lines: Line[] } | { line: number; message: string } {
  try {
    const records = parse(text.replaceAll('\r\n', '\n'), {
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: LONGEST_LINE,
    }) as unknown as { record: string[]; info: Info }[];
    return { lines: records.map(({ record, info }) => ({ line: info.lines - newlinesIn(record), cells: record })) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message = error.code === 'CSV_MAX_RECORD_SIZE' ? 'the line is too long' : 'a quotation mark is out of place';
    return { line: Number(error['lines'] ?? 1), message: `${message}; is a quotation mark left open?` };
  }
}

function newlinesIn(record: readonly string[]): number {
  return record.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
}

function headerFaults(names: readonly string[], { known, required }: Columns) {
  const fault = (message: string) => (column: string) => ({ column, message });
  return [
    ...required.filter((name) => !names.includes(name)).map(fault('this column is missing from the header')),
    ...names.filter((name) => !known.includes(name)).map(fault(`unknown column; known are ${known.join(', ')}`)),
    ...names.filter((name, at) => names.indexOf(name) !== at).map(fault('this column comes twice')),
  ];
}

function nameCells(header: Line, { line, cells }: Line): CsvRow {
  const named = header.cells.map((name, at) => [name, cells[at] ?? ''] as const);
  return { line, cells: Object.fromEntries(named.filter(([, cell]) => cell !== '')) };
}
