import type { z } from 'zod';
import { type CsvRow, readCsv } from './read-csv.ts';
import {
  ROSTER_KINDS,
  type RosterFile,
  type RosterFiles,
  type RosterKind,
  type RosterMistake,
} from './roster-files.ts';
import { type Row, rowSchemas } from './row-schemas.ts';

/** The rows of one file; a file that was not given is empty. */
export interface Table<Kind extends RosterKind> {
  readonly path: string;
  readonly rows: readonly Row<Kind>[];
  /**
   * What its first column names (codes or phones), also in rows that were refused: a reference to such a row is not
   * one more mistake.
   */
  readonly names: ReadonlySet<string>;
  /** False when a file was given but its rows could not be made out: then nobody knows what it names. */
  readonly readable: boolean;
}

export type ParsedRoster = { readonly [Kind in RosterKind]: Table<Kind> };

/** Reads every file cell by cell. Nothing is thrown: all mistakes of all files come back together. */
export function parseRoster(
  files: RosterFiles,
  phoneCountries: readonly string[],
): { roster: ParsedRoster; mistakes: RosterMistake[] } {
  const schemas = rowSchemas(phoneCountries);
  const mistakes: RosterMistake[] = [];
  const tables = ROSTER_KINDS.map((kind) => {
    const file = files[kind];
    return [kind, file ? parseTable(file, schemas[kind], mistakes) : emptyTable(kind)] as const;
  });
  // Each table was parsed with the schema of its own kind.
  return { roster: Object.fromEntries(tables) as unknown as ParsedRoster, mistakes };
}

function emptyTable(kind: RosterKind) {
  return { path: `${kind}.csv`, rows: [], names: new Set(), readable: true };
}

function parseTable(file: RosterFile, schema: z.ZodObject, mistakes: RosterMistake[]) {
  const { path } = file;
  const known = Object.keys(schema.shape);
  const required = known.filter((column) => !isOptional(schema, column));
  const table = readCsv(file, { known, required });
  mistakes.push(...table.mistakes);
  const rows = table.rows.flatMap((row) => parseRow(path, row, schema, mistakes));
  const names = new Set(table.rows.flatMap(({ cells }) => nameIn(cells, schema, known[0])));
  return { path, rows, names, readable: table.readable };
}

function parseRow(path: string, { line, cells }: CsvRow, schema: z.ZodObject, mistakes: RosterMistake[]): object[] {
  const parsed = schema.safeParse(cells);
  if (parsed.success) return [{ ...parsed.data, line }];
  const found = parsed.error.issues.map(({ path: [column], message }) => ({ column: column?.toString(), message }));
  const first = found.filter(({ column }, at) => found.findIndex((other) => other.column === column) === at);
  mistakes.push(...first.map((mistake) => ({ path, line, ...mistake })));
  return [];
}

function nameIn(cells: CsvRow['cells'], schema: z.ZodObject, column = ''): unknown[] {
  const parsed = (schema.shape[column] as z.ZodType | undefined)?.safeParse(cells[column]);
  return parsed?.success ? [parsed.data] : [];
}

function isOptional(schema: z.ZodObject, column: string): boolean {
  return (schema.shape[column] as z.ZodType).safeParse(undefined).success;
}
