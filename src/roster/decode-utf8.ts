import { err, ok, type Result } from '../core/result.ts';
import type { RosterMistake } from './roster-files.ts';

const NEWLINE = 0x0a;
const MESSAGE = 'not UTF-8 (perhaps GBK): save the sheet again as "CSV UTF-8"';

/** Reads the bytes of a file as text, or says in which line they stop being UTF-8: guessed Chinese would be garbage. */
export function decodeUtf8(path: string, bytes: Uint8Array): Result<string, RosterMistake> {
  const text = decode(bytes);
  if (text !== undefined) return ok(text);
  return err({ path, line: firstBadLine(bytes), column: undefined, message: MESSAGE });
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline === -1 ? bytes.length : newline;
    if (decode(bytes.subarray(from, to)) === undefined) return line;
    from = to + 1;
  }
  return line;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
