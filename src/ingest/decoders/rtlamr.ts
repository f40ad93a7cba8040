import { z } from 'zod';
import { err, type Result } from '../../core/result.ts';
import { conclude } from './conclude.ts';
import type { DecodedMessage, Decoder, Rejection, TopicIdentity } from './decoder.ts';
import { parseJson } from './parse-json.ts';
import { type TelegramReader, telegramReader } from './read-telegram.ts';
import { isName, serialOf } from './serial.ts';
import type { ErtCountUnit, Meaning, StatusMapping } from './telegram-mapping.ts';

/** Where the kinds of messages say which meter it is, what it measures, and how much. */
const KINDS = {
  SCM: { id: 'ID', commodity: 'Type', register: 'Message.Consumption' },
  'SCM+': { id: 'EndpointID', commodity: 'EndpointType', register: 'Message.Consumption' },
  IDM: { id: 'ERTSerialNumber', commodity: 'ERTType', register: 'Message.LastConsumptionCount' },
  R900: { id: 'ID', commodity: undefined, register: 'Message.Consumption' },
  R900BCD: { id: 'ID', commodity: undefined, register: 'Message.Consumption' },
} as const;
export type ErtKind = keyof typeof KINDS;

const envelope = z.object({
  Type: z.enum(Object.keys(KINDS) as ErtKind[]),
  Message: z.record(z.string(), z.unknown()),
});

/** The commodity is in the lower four bits of the type; the other numbers are electricity, gas, or nobody knows. */
const WATER_TYPES: ReadonlySet<unknown> = new Set([3, 11, 13]);
const COMMODITY_MASK = 0x0f;

/**
 * Two bits of an R900 each: none, low, high. Meters without these figures set both bits, which says nothing. The tamper
 * fields of the others count what happened since the factory, and say nothing of today.
 */
const LEVELS = (meaning: Meaning) => ({ 0: 'fine', 1: meaning, 2: meaning, 3: 'fine' }) as const;
const R900_STATUS: readonly StatusMapping[] = [
  { path: 'Message.LeakNow', words: LEVELS('leak') },
  { path: 'Message.BackFlow', words: LEVELS('backflow') },
];

/**
 * What rtlamr hears of ERT meters with `-format=json`, one message a publish, at `rtlamr/<gateway>/<meter>` or, where
 * the relay cannot tell, at `rtlamr/<gateway>`. The serial is the number of the endpoint.
 *
 * No message says in which unit it counts. `units` does, the first that fits; without one nothing is read.
 */
export function rtlamr(units: readonly ErtCountUnit[]): Decoder {
  const readers = units.map(({ meter, type, ...unit }) => ({ meter, type, read: readersBy(unit) }));
  const readerFor = (kind: ErtKind, serial: string) =>
    readers.find(({ meter = serial, type = kind }) => meter === serial && type === kind)?.read[kind];
  return {
    name: 'rtlamr',
    topicFilters: ['rtlamr/+', 'rtlamr/+/+'],
    identify,
    decode: (identity, payload, receivedAt) => decode(readerFor, identity, payload, receivedAt),
  };
}

function readersBy(unit: Omit<ErtCountUnit, 'meter' | 'type'>): Readonly<Record<ErtKind, TelegramReader>> {
  const reader = (kind: ErtKind) =>
    telegramReader({
      time: { path: 'Time', form: 'iso' },
      register: { path: KINDS[kind].register, ...unit },
      status: kind.startsWith('R900') ? R900_STATUS : [],
    });
  return {
    SCM: reader('SCM'),
    'SCM+': reader('SCM+'),
    IDM: reader('IDM'),
    R900: reader('R900'),
    R900BCD: reader('R900BCD'),
  };
}

function identify(topic: string): TopicIdentity | undefined {
  const [root, ...names] = topic.split('/');
  const [sender, serial] = names;
  if (root !== 'rtlamr' || sender === undefined || names.length > 2 || !names.every(isName)) return undefined;
  return { sender, ...(serial !== undefined && { serial }) };
}

function decode(
  readerFor: (kind: ErtKind, serial: string) => TelegramReader | undefined,
  identity: TopicIdentity,
  payload: Uint8Array,
  receivedAt: Date,
): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const parsed = envelope.safeParse(json.value);
  if (!parsed.success) return mismatch('no message of a kind that is read: SCM, SCM+, IDM, R900, R900BCD');
  const { Type: kind, Message: message } = parsed.data;
  const { id, commodity } = KINDS[kind];
  const serial = serialOf(message[id]);
  if (serial === undefined) return mismatch(`Message.${id}: not the number of a meter`);
  if (serial !== (identity.serial ?? serial)) {
    return err({ reason: 'identity_mismatch', detail: `says it is ${serial}` });
  }
  if (commodity && !isWater(message[commodity])) return mismatch(`Message.${commodity}: not a water meter`);

  const read = readerFor(kind, serial);
  if (!read) return mismatch(`nobody said what a count of ${kind} is worth: say so in the decoder file`);
  return conclude(serial, read(json.value, { receivedAt }));
}

function isWater(type: unknown): boolean {
  return typeof type === 'number' && WATER_TYPES.has(type & COMMODITY_MASK);
}

function mismatch(detail: string): Result<never, Rejection> {
  return err({ reason: 'schema_mismatch', detail });
}
