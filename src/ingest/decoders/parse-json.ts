import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Rejection } from './decoder.ts';

/** Reads JSON that a stranger sent. Bytes that are not valid UTF-8 are refused, never mended. */
export function parseJson(payload: Uint8Array): Result<unknown, Rejection> {
  if (!isUtf8(payload)) return err({ reason: 'not_json', detail: 'not valid UTF-8' });
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err({ reason: 'not_json', detail: messageOf(error) });
  }
}
