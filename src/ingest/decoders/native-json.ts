import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { METER_FLAGS, type MeterFlag } from '../../domain/metering/meter-flag.ts';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';
import { litres } from '../../domain/metering/units.ts';
import type { DecodedMessage, Decoder, Rejection } from './decoder.ts';
import { parseJson } from './parse-json.ts';
import { readingTime } from './reading-time.ts';

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

const about = { meter: z.string().optional(), status: z.array(z.string()).optional(), seq: z.int().min(0).optional() };
const loneReading = reading.extend(about);
/** Readings in a list are looked at one by one, so that a bad one does not take the good ones with it. */
const several = z.strictObject({ ...about, readings: z.array(z.unknown()).min(1) });

interface Message {
  readonly meter?: string | undefined;
  readonly status?: readonly string[] | undefined;
  readonly readings: readonly Result<Reading, Rejection>[];
}

const TOPIC = /^meters\/([A-Za-z0-9._:-]{1,64})\/readings$/;
const FLAGS: ReadonlySet<string> = new Set(METER_FLAGS);
const UNKNOWN_FLAG: Rejection = { reason: 'schema_mismatch', detail: 'status: an unknown flag' };

/**
 * `meters/<serial>/readings`, carrying a lone reading `{"at": "2026-11-23T00:00:00Z", "index_l": 123456}` or several
 * in a list under `readings`. Beside them may stand `meter` (the serial again), `status` (a list of flags) and `seq`.
 */
export const nativeJson: Decoder = { topicFilter: 'meters/+/readings', identify, decode };

function identify(topic: string): string | undefined {
  return TOPIC.exec(topic)?.[1];
}

function decode(serial: string, payload: Uint8Array, receivedAt: Date): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const parsed = parseMessage(json.value);
  if (!parsed.ok) return parsed;
  const { meter = serial, readings, status = [] } = parsed.value;
  if (meter !== serial) return err({ reason: 'identity_mismatch', detail: `says it is ${meter}` });

  const believed = believe(readings, receivedAt);
  const flags = status.filter(isFlag);
  const rejection = believed.rejection ?? (flags.length < status.length ? UNKNOWN_FLAG : undefined);
  if (rejection && believed.readings.length === 0) return err(rejection);
  return ok({ serial, readings: believed.readings, flags, ...(rejection && { rejection }) });
}

function parseMessage(json: unknown): Result<Message, Rejection> {
  const isLone = typeof json === 'object' && json !== null && !('readings' in json);
  return isLone ? parseLone(json) : parseSeveral(json);
}

function parseLone(json: object): Result<Message, Rejection> {
  const parsed = loneReading.safeParse(json);
  return parsed.success ? ok({ ...parsed.data, readings: [ok(parsed.data)] }) : err(mismatch(parsed.error));
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
