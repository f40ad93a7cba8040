import { z } from 'zod';
import { AppError } from '../core/errors.ts';

const name = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/, 'expected up to 64 letters, digits or . _ : -');

const PATH = /^(?:[^.[\]]{1,64}|\[\d{1,6}\])(?:\.[^.[\]]{1,64}|\[\d{1,6}\]){0,15}$/;
const path = z.string().regex(PATH, 'not a path, such as sensor.registers[0].value');
/** `readings[*]` and `readings` are the same list; `[*]` is a payload that is a list itself. */
const listPath = z
  .string()
  .transform((text) => text.replace(/\[\*\]$/, ''))
  .refine((text) => text === '' || PATH.test(text), 'not a path to a list, such as readings[*]');

const unit = z.enum(['m3', 'l', 'dl', 'cl', 'ml', 'us_gal', 'imp_gal', 'ft3']);
const scale = z
  .union([z.string(), z.number().transform(String)])
  .refine((text) => /^\d{1,15}(\.\d{1,15})?$/.test(text) && Number(text) > 0, 'not a decimal above zero, such as 0.01')
  .optional();

const time = z
  .strictObject({
    path,
    form: z.enum(['iso', 'local', 'epoch_s', 'epoch_ms']),
    zone: z.string().refine(isTimeZone, 'not an IANA time zone, such as Asia/Shanghai').optional(),
  })
  .refine(({ form, zone }) => (form === 'local') === (zone !== undefined), {
    message: 'a local time needs a zone, and no other has one',
    path: ['zone'],
  });

const register = z.strictObject({ path, unit, scale });
const deltas = z.strictObject({
  path,
  unit,
  scale,
  stepSeconds: z.number().int().min(1).max(2_678_400),
  registerIs: z.enum(['before', 'after']),
  order: z.enum(['oldest-first', 'newest-first']),
});

const meaning = z.enum(['leak', 'burst', 'backflow', 'tamper', 'battery', 'dry', 'fine']);
const BIT = /^(?:[12]?\d|3[01])$/;
const bits = z
  .record(z.string(), meaning)
  .refine((all) => Object.keys(all).every((bit) => BIT.test(bit)), 'not the number of a bit, 0 to 31');
const status = z
  .strictObject({
    path,
    words: z.record(z.string().min(1).max(100), meaning).optional(),
    bits: bits.optional(),
  })
  .refine(({ words, bits }) => (words === undefined) !== (bits === undefined), 'expected either words or bits');

const telegram = {
  register,
  readings: listPath.optional(),
  deltas: deltas.optional(),
  status: z.array(status).optional(),
};

const mapping = z
  .strictObject({
    name: z.string().min(1).max(100),
    topic: z
      .string()
      .max(200)
      .refine(
        isTopicPattern,
        'not a topic, with {sender}, {serial} or {any} for whole levels, each of the first two once',
      ),
    sender: name.optional(),
    serial: path.optional(),
    lowerCaseSerial: z.boolean().optional(),
    sequence: path.optional(),
    time,
    ...telegram,
  })
  .refine(({ topic, serial }) => topic.includes('{serial}') || serial !== undefined, {
    message: 'the topic has no {serial}: say where the payload names the meter',
    path: ['serial'],
  })
  .refine(({ topic, sender }) => /\{(?:sender|serial)\}/.test(topic) || sender !== undefined, {
    message: 'the topic has neither {sender} nor {serial}: give the sender a name',
    path: ['sender'],
  });

const uplink = z.strictObject({
  application: z.string().min(1).max(128).optional(),
  profile: z.string().min(1).max(128).optional(),
  time: time.optional(),
  ...telegram,
});

const ertUnit = z.strictObject({
  meter: z
    .string()
    .regex(/^\d{1,10}$/, 'not the number of a meter')
    .optional(),
  type: z.enum(['SCM', 'SCM+', 'IDM', 'R900', 'R900BCD']).optional(),
  unit,
  scale,
});

const decoderFile = z.strictObject({
  formats: z.array(z.enum(['native', 'wmbusmeters', 'chirpstack', 'the-things-stack', 'rtlamr'])).optional(),
  mappings: z
    .array(mapping)
    .refine((all) => isUnlike(all.map((one) => one.name)), 'two mappings have the same name')
    .refine((all) => isUnlike(all.map(({ topic }) => filterOf(topic))), 'two mappings have the same topic')
    .optional(),
  lorawan: z.array(uplink).optional(),
  rtlamr: z.array(ertUnit).optional(),
});

/** What an operator says of the formats in which meters send; see docs/decoders.md. */
export type DecoderFile = z.output<typeof decoderFile>;

/**
 * Reads a decoder file: JSON that says which formats are listened to and where things stand in them.
 *
 * @throws AppError `config_invalid` naming every mistake and where it stands.
 */
export function parseDecoderFile(text: string, file: string): DecoderFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('config_invalid', `${file} is not JSON`, { cause });
  }
  const parsed = decoderFile.safeParse(json);
  if (!parsed.success) throw new AppError('config_invalid', `${file}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Levels without wildcards, of which those in braces are parts with a meaning. */
function isTopicPattern(topic: string): boolean {
  const levels = topic.split('/');
  const isLevel = (level: string) => /^(?:\{(?:sender|serial|any)\}|[^{}+#\0]*)$/.test(level);
  const parts = levels.filter((level) => level === '{sender}' || level === '{serial}');
  return topic !== '' && !topic.startsWith('$') && levels.every(isLevel) && isUnlike(parts);
}

function filterOf(topic: string): string {
  return topic.replaceAll(/\{[a-z]+\}/g, '+');
}

function isUnlike(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
