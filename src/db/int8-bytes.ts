const INT8_BYTES = 8;
/** PostgreSQL counts time in microseconds from here. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const WORD = 2 ** 32;

/** A time in milliseconds since 1970 as a timestamptz counts it. */
export function microseconds(ms: number): number {
  return (ms - POSTGRES_EPOCH_MS) * 1_000;
}

/** A timestamptz, as PostgreSQL counts it, in milliseconds since 1970. */
export function fromMicroseconds(amount: number): number {
  return Math.round(amount / 1_000) + POSTGRES_EPOCH_MS;
}

/** Writes a whole number below 2^53 as an int8. In two halves: a BigInt for each would take several times longer. */
export function writeInt8(view: DataView, at: number, amount: number): void {
  view.setInt32(at, Math.floor(amount / WORD));
  view.setUint32(at + 4, amount >>> 0);
}

/** The same with its length before it, as fields and elements are written. */
export function putInt8(view: DataView, at: number, amount: number): void {
  view.setInt32(at, INT8_BYTES);
  writeInt8(view, at + 4, amount);
}

/** Reads what `writeInt8` writes. */
export function readInt8(view: DataView, at: number): number {
  return view.getInt32(at) * WORD + view.getUint32(at + 4);
}
