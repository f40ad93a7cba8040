/** One row after the other: bytes, or words of 32 bits. The first itself where the second is empty. */
export function joinPacked<Row extends Uint8Array | Uint32Array>(first: Row, second: Row): Row {
  if (first.length === 0 || second.length === 0) return first.length === 0 ? second : first;
  const joined =
    first instanceof Uint8Array
      ? new Uint8Array(first.length + second.length)
      : new Uint32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined as Row;
}
