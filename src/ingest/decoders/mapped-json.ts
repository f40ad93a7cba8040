import { err, type Result } from '../../core/result.ts';
import { conclude } from './conclude.ts';
import type { DecodedMessage, Decoder, MessageSequence, Rejection, TopicIdentity } from './decoder.ts';
import { type JsonPath, parsePath, valueAt } from './json-path.ts';
import { parseJson } from './parse-json.ts';
import { type TelegramReader, telegramReader } from './read-telegram.ts';
import { serialOf } from './serial.ts';
import type { MessageMapping } from './telegram-mapping.ts';
import { topicPattern } from './topic-pattern.ts';

/** A mapping that is ready to be used. */
interface Mapped {
  readonly read: TelegramReader;
  readonly serialAt: JsonPath | undefined;
  readonly sequenceAt: JsonPath | undefined;
  readonly cased: (serial: string) => string;
}

/** Makes a decoder of a mapping: a format that is described in the settings. One message speaks of one meter. */
export function mappedJson(mapping: MessageMapping): Decoder {
  const { filter, match } = topicPattern(mapping.topic);
  const mapped: Mapped = {
    read: telegramReader(mapping),
    serialAt: pathOf(mapping.serial),
    sequenceAt: pathOf(mapping.sequence),
    cased: mapping.lowerCaseSerial === true ? (serial) => serial.toLowerCase() : (serial) => serial,
  };
  return {
    name: mapping.name,
    topicFilters: [filter],
    identify: (topic) => identityIn(match(topic), mapping.sender, mapped.cased),
    decode: (identity, payload, receivedAt) => decode(mapped, identity, payload, receivedAt),
  };
}

function pathOf(path: string | undefined): JsonPath | undefined {
  return path === undefined ? undefined : parsePath(path);
}

function identityIn(
  found: Partial<TopicIdentity> | undefined,
  usualSender: string | undefined,
  cased: Mapped['cased'],
): TopicIdentity | undefined {
  const sender = found?.sender ?? usualSender ?? found?.serial;
  if (found === undefined || sender === undefined) return undefined;
  return { sender, ...(found.serial !== undefined && { serial: cased(found.serial) }) };
}

function decode(
  { read, serialAt, sequenceAt, cased }: Mapped,
  { sender, serial }: TopicIdentity,
  payload: Uint8Array,
  receivedAt: Date,
): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const said = serialAt && serialOf(valueAt(json.value, serialAt));
  if (serialAt && said === undefined) return mismatch('serial: missing, or not up to 64 letters, digits or . _ : -');
  const meter = said === undefined ? serial : cased(said);
  if (meter === undefined) return mismatch('serial: neither the topic nor the payload names the meter');
  if (meter !== (serial ?? meter)) return err({ reason: 'identity_mismatch', detail: `says it is ${meter}` });

  const sequence = sequenceAt && sequenceOf(sender, valueAt(json.value, sequenceAt));
  return conclude(meter, read(json.value, { receivedAt }), sequence);
}

/** A count that is none is left out: nothing is then acknowledged by number, and the readings count all the same. */
function sequenceOf(sender: string, seq: unknown): MessageSequence | undefined {
  const isCount = typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0;
  return isCount ? { sender, stream: '', seq } : undefined;
}

function mismatch(detail: string): Result<never, Rejection> {
  return err({ reason: 'schema_mismatch', detail });
}
