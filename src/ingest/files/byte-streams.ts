import type { Hash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A stream of bytes whose beginning is known already. Reading it gives everything, the beginning too. */
export interface PeekedBytes {
  readonly head: Buffer;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads ahead until the beginning is so long, or the stream ends. */
export async function peek(source: AsyncIterable<Uint8Array>, length: number): Promise<PeekedBytes> {
  const iterator = source[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(next.value);
    size += next.value.byteLength;
  }
  const head = Buffer.concat(parts);
  return { head, bytes: resumed(head, iterator) };
}

async function* resumed(head: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.byteLength > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** The bytes as they are, or unpacked where they begin as gzip does. */
export async function unpacked(source: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const { head, bytes } = await peek(source, 2);
  return head[0] === 0x1f && head[1] === 0x8b ? gunzipped(bytes) : bytes;
}

/** The bytes, unpacked. Broken gzip, and gzip that ends early, is an error when it is come to. */
export function gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // Whatever breaks in here breaks the reading of what comes out.
  return pipeline(Readable.from(bytes, { objectMode: false }), createGunzip(), () => undefined);
}

/**
 * Reads so many bytes off the stream, into a hash. Returns the rest; undefined when the stream is shorter.
 */
export async function readOff(
  source: AsyncIterable<Uint8Array>,
  length: number,
  hash: Hash,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  for (let left = length; left > 0;) {
    const next = await iterator.next();
    if (next.done === true) return undefined;
    const part = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    hash.update(part.subarray(0, left));
    rest = part.subarray(left);
    left -= part.length - rest.length;
  }
  return resumed(rest, iterator);
}
