/** The body is larger than is read in one request. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** The bytes, until there are too many of them. */
export async function* boundedBody(
  bytes: AsyncIterable<Uint8Array>,
  limitBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let left = limitBytes;
  for await (const part of bytes) {
    left -= part.byteLength;
    if (left < 0) throw new BodyTooLarge();
    yield part;
  }
}
