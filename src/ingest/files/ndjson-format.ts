import type { Result } from '../../core/result.ts';
import type { DecodedMessage, Rejection } from '../decoders/decoder.ts';
import { parseJson } from '../decoders/parse-json.ts';
import type { LineFormat } from './line-format.ts';
import { mismatch, readNative } from './read-native.ts';

/** As most programs write it: looked for first, because it saves reading the line twice. */
const METER_FIRST = /^\s*\{\s*"meter"\s*:\s*"([A-Za-z0-9._:-]{1,64})"/;
const LONGEST_BEGINNING = 160;
/** What an earlier run put in. */
const REASON_FIRST = /^\s*\{\s*"reason"/;
const OLD_REASON = /^\s*\{\s*"reason"\s*:\s*"(?:[^"\\]|\\.)*"\s*,?\s*/;

/** One native message a line, with the serial as `meter`: a lone reading, or several under `readings`. */
export const ndjsonFormat: LineFormat = {
  name: 'ndjson',
  hasHeader: false,
  isClosed: true,
  read,
  rejectedHeader: Buffer.alloc(0),
  withReason,
};

function read(given: Buffer, receivedAt: Date): Result<DecodedMessage, Rejection> | undefined {
  const line = withoutOldReason(given);
  if (isBlank(line)) return undefined;
  const serial = METER_FIRST.exec(line.toString('latin1', 0, LONGEST_BEGINNING))?.[1] ?? meterIn(line);
  if (typeof serial === 'string') return readNative(serial, line, receivedAt);
  return serial ?? mismatch('meter: is missing');
}

/** The serial that a message names, wherever it stands in it. */
function meterIn(line: Buffer): string | Result<never, Rejection> | undefined {
  const parsed = parseJson(line);
  if (!parsed.ok) return parsed;
  const message = parsed.value;
  if (typeof message !== 'object' || message === null) return mismatch('expected an object such as {"meter": ...}');
  return 'meter' in message && typeof message.meter === 'string' ? message.meter : undefined;
}

/** As the first member, so that all behind it is the line as it came. What is no object is kept as text. */
function withReason(given: Buffer, reason: string): Buffer {
  const line = withoutOldReason(given);
  const text = line.toString('latin1').trimStart();
  const open = line.length - text.length;
  if (!text.startsWith('{')) return Buffer.from(`${JSON.stringify({ reason, line: line.toString('utf8') })}\n`);
  const isEmpty = text.slice(1).trimStart().startsWith('}');
  const beginning = `{"reason":${JSON.stringify(reason)}${isEmpty ? '' : ','}`;
  return Buffer.concat([Buffer.from(beginning), line.subarray(open + 1), Buffer.from('\n')]);
}

function withoutOldReason(line: Buffer): Buffer {
  if (!REASON_FIRST.test(line.toString('latin1', 0, LONGEST_BEGINNING))) return line;
  const old = OLD_REASON.exec(line.toString('latin1'))?.[0];
  return old === undefined ? line : Buffer.concat([Buffer.from('{'), line.subarray(old.length)]);
}

function isBlank(line: Buffer): boolean {
  return line.toString('latin1', 0, LONGEST_BEGINNING).trim() === '' && line.toString('latin1').trim() === '';
}
