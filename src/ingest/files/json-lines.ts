import { AppError } from '../../core/errors.ts';
import { parseJson } from '../decoders/parse-json.ts';

/**
 * One native message, or an array of them, as lines: the n-th message is the n-th line. It is read whole, so the sender
 * of the bytes must have bounded it.
 *
 * @throws AppError `input_invalid` when it is no JSON, or empty.
 */
export async function jsonLines(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  const parsed = parseJson(Buffer.concat(parts));
  if (!parsed.ok) throw refusal(`not JSON: ${parsed.error.detail}`);
  const messages: unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  if (messages.length === 0) throw refusal('there is nothing in it');
  return linesOf(messages);
}

/** One by one, so that the text of all of them is not there twice. */
async function* linesOf(messages: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const message of messages) yield await Promise.resolve(Buffer.from(`${JSON.stringify(message)}\n`));
}

function refusal(fault: string): AppError {
  return new AppError('input_invalid', fault, { publicMessage: fault });
}
