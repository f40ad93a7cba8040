import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { METER_FLAGS, type MeterFlag } from '../../domain/metering/meter-flag.ts';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';
import { litres } from '../../domain/metering/units.ts';
import { ByteScanner } from './byte-scanner.ts';
import type { DecodedMessage, Decoder, MessageSequence, Rejection, TopicIdentity } from './decoder.ts';
import { deltaFields, hasStretches, registersOf } from './native-deltas.ts';
import { parseJson } from './parse-json.ts';
import { isBelievable, readingTime } from './reading-time.ts';
import { scanNativeJson, type ScanLimits } from './scan-native-json.ts';
import { textUpTo } from './text-up-to.ts';

const MAX_READINGS = 1_000;
/** A thousand million cubic metres: no dial goes that far. */
const MAX_INDEX_LITRES = 1e12;

const reading = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  index_l: z
    .int()
    .min(0)
    .max(MAX_INDEX_LITRES)
    .refine((index) => !Object.is(index, -0), 'minus zero is not a volume'),
});

type Reading = z.output<typeof reading>;

const sequenceNumber = z.int().min(0);
const placeFields = {
  seq: sequenceNumber.optional(),
  stream: textUpTo(64).optional(),
  oldest: sequenceNumber.optional(),
};
const place = z.object(placeFields);
type Place = z.output<typeof place>;
const about = { meter: z.string().optional(), status: z.array(z.string()).optional(), ...placeFields };
const loneReading = reading
  .extend({ ...about, ...deltaFields(MAX_READINGS - 1, MAX_INDEX_LITRES) })
  .refine(hasStretches, 'step_s without deltas_l');
/** Readings in a list are looked at one by one, so that a bad one does not take the good ones with it. */
const several = z.strictObject({
  ...about,
  readings: z.array(z.unknown()).refine((list) => list.length > 0, 'no reading at all'),
});

interface Message extends Place {
  readonly meter?: string | undefined;
  readonly status?: readonly string[] | undefined;
  readonly readings: readonly Result<Reading, Rejection>[];
}

const TOPIC = /^(?:head-ends\/([A-Za-z0-9._:-]{1,64})\/)?meters\/([A-Za-z0-9._:-]{1,64})\/readings$/;
const FLAGS: ReadonlySet<string> = new Set(METER_FLAGS);
const UNKNOWN_FLAG: Rejection = { reason: 'schema_mismatch', detail: 'status: an unknown flag' };

/**
 * `meters/<serial>/readings`, carrying a lone reading `{"at": "2026-11-23T00:00:00Z", "index_l": 123456}` or several
 * in a list under `readings`, or a lone one and under `deltas_l` what ran in each hour after it (or in each stretch of
 * `step_s` seconds). Beside them may stand `meter` (the serial again), `status` (a list of flags), and for a
 * sender that wants to hear what is stored `seq`, `stream` and `oldest` (see `MessageSequence`).
 *
 * A head-end that speaks for many meters publishes to `head-ends/<its name>/meters/<serial>/readings` and counts the
 * messages of all its meters together.
 */
export const nativeJson: Decoder = {
  name: 'native JSON',
  topicFilters: ['meters/+/readings', 'head-ends/+/meters/+/readings'],
  identify,
  decode,
};

function identify(topic: string): Required<TopicIdentity> | undefined {
  const [, headEnd, serial] = TOPIC.exec(topic) ?? [];
  return serial === undefined ? undefined : { sender: headEnd ?? serial, serial };
}

export const NATIVE_LIMITS: ScanLimits = { maxReadings: MAX_READINGS, maxIndexLitres: MAX_INDEX_LITRES };
const scanner = new ByteScanner();

/** The usual message is read byte by byte; whatever is not exactly usual is judged by the schema. */
function decode(identity: TopicIdentity, payload: Uint8Array, receivedAt: Date): Result<DecodedMessage, Rejection> {
  const { sender, serial = sender } = identity;
  const readings: RegisterReading[] = [];
  const add = (readAtMs: number, index: number) => readings.push({ readAtMs, indexLitres: litres(index) });
  scanner.read(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), 0, payload.byteLength);
  const place = scanNativeJson(scanner, serial, NATIVE_LIMITS, { add });
  const isGood = place && readings.every(({ readAtMs }) => isBelievable(readAtMs, receivedAt));
  if (!isGood) return decodeBySchema(identity, payload, receivedAt);
  return ok({ serial, readings, flags: [], ...sequenceOf(sender, place) });
}

/** The definition of the format. */
export function decodeBySchema(
  { sender, serial = sender }: TopicIdentity,
  payload: Uint8Array,
  receivedAt: Date,
): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const parsed = parseMessage(json.value);
  if (!parsed.ok) return err({ ...parsed.error, ...sequenceOf(sender, placeIn(json.value)) });
  const { meter = serial, readings, status = [] } = parsed.value;
  const sequence = sequenceOf(sender, parsed.value);
  if (meter !== serial) return err({ reason: 'identity_mismatch', detail: `says it is ${meter}`, ...sequence });

  const believed = believe(readings, receivedAt);
  const flags = status.filter(isFlag);
  const rejection = believed.rejection ?? (flags.length < status.length ? UNKNOWN_FLAG : undefined);
  if (rejection && believed.readings.length === 0) return err({ ...rejection, ...sequence });
  return ok({ serial, readings: believed.readings, flags, ...sequence, ...(rejection && { rejection }) });
}

/** The place of a message that is not understood otherwise: it is kept, so it has arrived. */
function placeIn(json: unknown): Place {
  const parsed = place.safeParse(json);
  return parsed.success ? parsed.data : {};
}

function sequenceOf(sender: string, { seq, stream = '', oldest }: Place): { sequence?: MessageSequence } {
  if (seq === undefined) return {};
  return { sequence: { sender, stream, seq, ...(oldest !== undefined && { oldest }) } };
}

function parseMessage(json: unknown): Result<Message, Rejection> {
  const isLone = typeof json === 'object' && json !== null && !('readings' in json);
  return isLone ? parseLone(json) : parseSeveral(json);
}

function parseLone(json: object): Result<Message, Rejection> {
  const parsed = loneReading.safeParse(json);
  if (!parsed.success) return err(mismatch(parsed.error));
  const registers = registersOf(parsed.data, MAX_INDEX_LITRES);
  if (!registers) return err({ reason: 'schema_mismatch', detail: 'deltas_l: beyond what a dial can show' });
  return ok({ ...parsed.data, readings: registers.map((each) => ok(each)) });
}

function parseSeveral(json: unknown): Result<Message, Rejection> {
  const parsed = several.safeParse(json);
  if (!parsed.success) return err(mismatch(parsed.error));
  const { readings, ...rest } = parsed.data;
  if (readings.length > MAX_READINGS) return err({ reason: 'too_large', detail: `${readings.length} readings` });
  return ok({ ...rest, readings: readings.map(parseReading) });
}

function parseReading(given: unknown): Result<Reading, Rejection> {
  const parsed = reading.safeParse(given);
  return parsed.success ? ok(parsed.data) : err(mismatch(parsed.error));
}

/** The readings whose time can be right, and what is wrong with the first that was not understood. */
function believe(given: Message['readings'], receivedAt: Date) {
  const readings: RegisterReading[] = [];
  let rejection: Rejection | undefined;
  for (const [position, parsed] of given.entries()) {
    const readAtMs = parsed.ok ? readingTime(parsed.value.at, receivedAt) : parsed;
    if (!readAtMs.ok) rejection ??= inReading(position, given.length, readAtMs.error);
    else if (parsed.ok) readings.push({ readAtMs: readAtMs.value, indexLitres: litres(parsed.value.index_l) });
  }
  return { readings, rejection };
}

function inReading(position: number, count: number, { reason, detail }: Rejection): Rejection {
  return count === 1 ? { reason, detail } : { reason, detail: `reading ${position + 1} of ${count}: ${detail}` };
}

function mismatch({ issues: [issue] }: z.ZodError): Rejection {
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return { reason: 'schema_mismatch', detail: `${where}${issue?.message ?? 'not understood'}` };
}

function isFlag(text: string): text is MeterFlag {
  return FLAGS.has(text);
}
