import { int8Array } from './array-literal.ts';
import { canCopy } from './copy-in.ts';
import { microseconds, putInt8 } from './int8-bytes.ts';
import type { Tx } from './sql.ts';

/** The numbers by which PostgreSQL knows the types of the elements. */
const INT8 = 20;
const TIMESTAMPTZ = 1184;
const HEAD_BYTES = 20;
const ELEMENT_BYTES = 4 + 8;

type Numbers = readonly number[] | Float64Array;

/** Numbers as a bind parameter of type `int8[]`. */
export function int8s(tx: Tx, numbers: Numbers): Buffer | string {
  return canCopy(tx) ? binaryArray(INT8, numbers, asTheyAre) : int8Array(numbers);
}

/** Times, in milliseconds since 1970, as a bind parameter of type `timestamptz[]`. */
export function timestamps(tx: Tx, timesMs: Numbers): Buffer | string {
  if (canCopy(tx)) return binaryArray(TIMESTAMPTZ, timesMs, microseconds);
  return `{${Array.from(timesMs, (ms) => new Date(ms).toISOString()).join(',')}}`;
}

const asTheyAre = (amount: number): number => amount;

/**
 * An array as PostgreSQL takes it in binary form: server and driver both need a fraction of what they need for a text.
 * `pg` sends a Buffer as binary; other drivers must be given the text.
 */
function binaryArray(type: number, numbers: Numbers, toInt8: (amount: number) => number): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + numbers.length * ELEMENT_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // One dimension, no nulls; its length; counted from 1.
  [1, 0, type, numbers.length, 1].forEach((part, i) => view.setInt32(i * 4, part));
  let at = HEAD_BYTES;
  for (const amount of numbers) {
    putInt8(view, at, toInt8(amount));
    at += ELEMENT_BYTES;
  }
  return bytes;
}
