import { err, ok, type Result } from '../../core/result.ts';
import { registersFromDeltas } from '../../domain/metering/registers-from-deltas.ts';
import type { MeterFlag } from '../../domain/metering/meter-flag.ts';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { type CountUnit, type ExactVolume, volumeOf, wholeLitres } from '../../domain/metering/volume.ts';
import type { Rejection } from './decoder.ts';
import { parsePath, valueAt } from './json-path.ts';
import { statusReader } from './status-reader.ts';
import type { DeltasMapping, RegisterMapping, TelegramMapping } from './telegram-mapping.ts';
import { momentTime, timeReader } from './telegram-time.ts';

/** What a telegram says, or as much of it as was understood. */
export interface TelegramContent {
  readonly readings: readonly RegisterReading[];
  readonly flags: readonly MeterFlag[];
  readonly rejection?: Rejection;
}

export interface Carriage {
  readonly receivedAt: Date;
  /** When it was sent, where the mapping has no time because the carrier says so. */
  readonly sentAt?: Result<number, Rejection>;
}

export type TelegramReader = (telegram: unknown, carriage: Carriage) => TelegramContent;

/** So many readings are taken from one message. */
export const MAX_READINGS = 1_000;
const NO_TIME: Rejection = { reason: 'schema_mismatch', detail: 'time: missing' };

/**
 * Makes the reader of one kind of telegram. It takes any JSON, never throws, and refuses part by part: a reading that is
 * not understood does not take the others with it.
 */
export function telegramReader(mapping: TelegramMapping): TelegramReader {
  const entriesOf = entryReader(mapping.readings);
  const readEntry = readingsReader(mapping);
  const readStatus = statusReader(mapping.status ?? []);
  return (telegram, carriage) => {
    const entries = entriesOf(telegram);
    if (!entries.ok) return { readings: [], flags: [], rejection: entries.error };
    const { readings, rejection } = gather(entries.value, (entry) => readEntry(entry, carriage));
    const { flags, unknown } = readStatus(telegram);
    const wrong = rejection ?? (unknown === undefined ? undefined : mismatch(unknown));
    return { readings, flags: [...flags], ...(wrong && { rejection: wrong }) };
  };
}

/** One telegram is one reading, unless it has a list of them. */
function entryReader(path: string | undefined): (telegram: unknown) => Result<readonly unknown[], Rejection> {
  if (path === undefined) return (telegram) => ok([telegram]);
  const steps = parsePath(path);
  return (telegram) => {
    const list: unknown = valueAt(telegram, steps);
    if (!Array.isArray(list) || list.length === 0) return err(mismatch(`${path}: not a list of readings`));
    if (list.length > MAX_READINGS) return err({ reason: 'too_large', detail: `${list.length} readings` });
    return ok(list);
  };
}

type EntryContent = Result<readonly Result<RegisterReading, Rejection>[], Rejection>;

/** The readings that were understood, and what is wrong with the first that was not. */
function gather(entries: readonly unknown[], readEntry: (entry: unknown) => EntryContent) {
  const readings: RegisterReading[] = [];
  let rejection: Rejection | undefined;
  for (const [position, entry] of entries.entries()) {
    const content = readEntry(entry);
    for (const reading of content.ok ? content.value : [content]) {
      if (!reading.ok) rejection ??= inEntry(position, entries.length, reading.error);
      else if (readings.length < MAX_READINGS) readings.push(reading.value);
      else rejection ??= { reason: 'too_large', detail: `more than ${MAX_READINGS} readings` };
    }
    if (readings.length >= MAX_READINGS && rejection) break;
  }
  return { readings, rejection };
}

function inEntry(position: number, count: number, { reason, detail }: Rejection): Rejection {
  return { reason, detail: count === 1 ? detail : `reading ${position + 1} of ${count}: ${detail}` };
}

function readingsReader({ time, register, deltas }: TelegramMapping) {
  const readTime = time && { at: parsePath(time.path), path: time.path, read: timeReader(time) };
  const readRegister = registerReader(register);
  const withDeltas = deltas && deltasReader(deltas);

  return (entry: unknown, { receivedAt, sentAt = err(NO_TIME) }: Carriage): EntryContent => {
    const atMs = readTime ? under(readTime.path, readTime.read(valueAt(entry, readTime.at), receivedAt)) : sentAt;
    if (!atMs.ok) return atMs;
    const volume = readRegister(entry);
    if (!volume.ok) return volume;
    const indexLitres = wholeLitres(volume.value);
    if (indexLitres === undefined) return err(mismatch(`${register.path}: beyond what a dial can show`));
    const lone = ok({ readAtMs: atMs.value, indexLitres });
    if (!withDeltas) return ok([lone]);

    const series = withDeltas(entry, atMs.value, volume.value);
    // What is wrong with the steps does not touch the register itself.
    if (!series.ok) return ok([lone, series]);
    return ok(series.value.map((reading) => believed(reading, receivedAt)));
  };
}

function believed(reading: RegisterReading, receivedAt: Date): Result<RegisterReading, Rejection> {
  const readAtMs = momentTime(reading.readAtMs, receivedAt);
  return readAtMs.ok ? ok(reading) : readAtMs;
}

function registerReader({ path, ...unit }: RegisterMapping): (entry: unknown) => Result<ExactVolume, Rejection> {
  const steps = parsePath(path);
  return (entry) => under(path, volumeFrom(valueAt(entry, steps), unit));
}

function deltasReader({ path, stepSeconds, registerIs, order, ...unit }: DeltasMapping) {
  const steps = parsePath(path);
  const stepMs = stepSeconds * SECOND_MS;
  return (entry: unknown, readAtMs: number, register: ExactVolume): Result<RegisterReading[], Rejection> => {
    const list = valueAt(entry, steps);
    if (!Array.isArray(list)) return err(mismatch(`${path}: not a list`));
    if (list.length >= MAX_READINGS) return err({ reason: 'too_large', detail: `${path}: ${list.length} steps` });
    const volumes = list.map((amount) => volumeFrom(amount, unit));
    const wrong = volumes.find((volume) => !volume.ok);
    if (wrong) return under(path, wrong);
    const given = volumes.flatMap((volume) => (volume.ok ? [volume.value] : []));
    const deltas = order === 'oldest-first' ? given : given.toReversed();
    const readings = registersFromDeltas({ readAtMs, register, stepMs, deltas, registerIs });
    return readings ? ok(readings) : err(mismatch(`${path}: the steps do not fit the register`));
  };
}

function volumeFrom(amount: unknown, unit: CountUnit): Result<ExactVolume, Rejection> {
  if (amount === undefined || amount === null) return err(mismatch('missing'));
  const volume = typeof amount === 'number' || typeof amount === 'string' ? volumeOf(amount, unit) : undefined;
  return volume ? ok(volume) : err(mismatch('not a volume'));
}

function under<Value>(path: string, result: Result<Value, Rejection>): Result<Value, Rejection> {
  return result.ok ? result : err({ ...result.error, detail: `${path}: ${result.error.detail}` });
}

function mismatch(detail: string): Rejection {
  return { reason: 'schema_mismatch', detail };
}
