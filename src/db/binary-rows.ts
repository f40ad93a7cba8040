import type { z } from 'zod';
import { copyOut, withCopyClient } from './copy-out.ts';
import { fromMicroseconds, readInt8 } from './int8-bytes.ts';
import { type Db, many, type Statement } from './sql.ts';

/** The fields of a row, as PostgreSQL sends them in binary form; null where a field is. */
export type BinaryRow = readonly (Buffer | null)[];
type Field = Buffer | null | undefined;

/** After the signature, the flags, and the length of an extension that there is none of. */
const HEAD_BYTES = 11 + 4 + 4;
const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
/** What stands in place of a row's count of fields at the end, and in place of the length of a null. */
const NONE = -1;
/** An array of one dimension has its number of dimensions, its flags, its type, its length and its first index before it. */
const ARRAY_LENGTH_AT = 12;
const ARRAY_HEAD_BYTES = 20;
const FLOAT8_BYTES = 8;

/**
 * The rows of a select in binary form, for long columns: as text, bytes are sent twice as long, and the driver takes five
 * times as long to read them. Undefined where the connection knows no COPY.
 *
 * COPY takes no bind parameters, so these are written into the text: numbers and times alone, which cannot be mistaken for
 * anything else.
 *
 * @throws TypeError for a parameter of another kind.
 */
export function binaryRows(db: Db, statement: Statement): Promise<BinaryRow[] | undefined> {
  return withCopyClient(db, async (client) => {
    if (!client) return undefined;
    return rowsOf(await copyOut(client, `copy (${inlined(statement)}) to stdout (format binary)`));
  });
}

/**
 * Runs a select that may be read in binary form, and reads its rows by their fields; where the connection knows no COPY, as
 * `many` does, to the same rows.
 */
export async function manyInBinary<Row extends z.ZodType>(
  db: Db,
  row: Row,
  read: (fields: BinaryRow) => z.output<Row>,
  statement: Statement,
): Promise<z.output<Row>[]> {
  const rows = await binaryRows(db, statement);
  return rows?.map(read) ?? many(db, row, statement);
}

/** A field of type bytea. */
export function bytesField(field: Field): Uint8Array {
  if (!field) throw new RangeError('the database sent no value where there must be one');
  return field;
}

/** A field of type int8, which must be below 2^53. */
export function int8Field(field: Field): number {
  return readInt8(viewOf(field), 0);
}

/** A field of type timestamptz. */
export function dateField(field: Field): Date {
  return new Date(fromMicroseconds(int8Field(field)));
}

/** A field of type float8[], of one dimension and without nulls. */
export function float8sField(field: Field): number[] {
  const view = viewOf(field);
  // An empty one has no dimension, and no length.
  const length = view.byteLength < ARRAY_HEAD_BYTES ? 0 : view.getInt32(ARRAY_LENGTH_AT);
  const numbers: number[] = [];
  let at = ARRAY_HEAD_BYTES + LENGTH_BYTES;
  for (let i = 0; i < length; i += 1, at += LENGTH_BYTES + FLOAT8_BYTES) numbers.push(view.getFloat64(at));
  return numbers;
}

/** What of a field is read by `read`, or null where the field is. */
export function orNull<T>(field: Field, read: (field: Field) => T): T | null {
  return field === null ? null : read(field);
}

function viewOf(field: Field): DataView {
  const { buffer, byteOffset, byteLength } = bytesField(field);
  return new DataView(buffer, byteOffset, byteLength);
}

function rowsOf(copied: Buffer): BinaryRow[] {
  const rows: BinaryRow[] = [];
  let at = HEAD_BYTES;
  for (;;) {
    const count = copied.readInt16BE(at);
    at += COUNT_BYTES;
    if (count === NONE) return rows;
    const fields: (Buffer | null)[] = [];
    for (let i = 0; i < count; i += 1) {
      const length = copied.readInt32BE(at);
      const from = at + LENGTH_BYTES;
      at = from + Math.max(0, length);
      fields.push(length === NONE ? null : copied.subarray(from, at));
    }
    rows.push(fields);
  }
}

function inlined({ text, values }: Statement): string {
  return text.replace(/\$(\d+)/g, (_, position: string) => `'${literal(values[Number(position) - 1])}'`);
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`;
  if (Number.isFinite(value)) return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('only numbers and times can be written into a statement');
}
