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

/** The readings are looked at one by one, so that a bad one does not take the good ones with it. */
const message = z.strictObject({
  meter: z.string().optional(),
  readings: z.array(z.unknown()).min(1),
  status: z.array(z.string()).optional(),
  seq: z.int().min(0).optional(),
});
const loneReading = message.omit({ readings: true }).extend({ at: z.unknown(), index_l: z.unknown() });
type Message = z.output<typeof message>;

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
  const { meter, readings, status = [] } = parsed.value;
  if (meter !== undefined && meter !== serial)
    return err({ reason: 'identity_mismatch', detail: `says it is ${meter}` });
  if (readings.length > MAX_READINGS) return err({ reason: 'too_large', detail: `${readings.length} readings` });

  const understood = decodeReadings(readings, receivedAt);
  const flags = status.filter(isFlag);
  const rejection = understood.rejection ?? (flags.length < status.length ? UNKNOWN_FLAG : undefined);
  if (rejection && understood.readings.length === 0) return err(rejection);
  return ok({ serial, readings: understood.readings, flags, ...(rejection && { rejection }) });
}

/** The readings that make sense, and what is wrong with the first that does not. */
function decodeReadings(given: readonly unknown[], receivedAt: Date) {
  const readings: RegisterReading[] = [];
  let rejection: Rejection | undefined;
  for (const [position, one] of given.entries()) {
    const decoded = decodeReading(one, receivedAt);
    if (decoded.ok) readings.push(decoded.value);
    else rejection ??= inReading(position, given.length, decoded.error);
  }
  return { readings, rejection };
}

function inReading(position: number, count: number, { reason, detail }: Rejection): Rejection {
  return count === 1 ? { reason, detail } : { reason, detail: `reading ${position + 1} of ${count}: ${detail}` };
}

function parseMessage(json: unknown): Result<Message, Rejection> {
  if (typeof json === 'object' && json !== null && !('readings' in json)) {
    const lone = loneReading.safeParse(json);
    if (!lone.success) return err(mismatch(lone.error));
    const { at, index_l, ...about } = lone.data;
    return ok({ ...about, readings: [{ at, index_l }] });
  }
  const several = message.safeParse(json);
  return several.success ? ok(several.data) : err(mismatch(several.error));
}

function decodeReading(given: unknown, receivedAt: Date): Result<RegisterReading, Rejection> {
  const parsed = reading.safeParse(given);
  if (!parsed.success) return err(mismatch(parsed.error));
  const readAtMs = readingTime(parsed.data.at, receivedAt);
  return readAtMs.ok ? ok({ readAtMs: readAtMs.value, indexLitres: litres(parsed.data.index_l) }) : readAtMs;
}

function mismatch({ issues: [issue] }: z.ZodError): Rejection {
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return { reason: 'schema_mismatch', detail: `${where}${issue?.message ?? 'not understood'}` };
}

function isFlag(text: string): text is MeterFlag {
  return FLAGS.has(text);
}
