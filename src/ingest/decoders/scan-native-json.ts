import type { RegisterReading } from '../../domain/metering/register-reading.ts';
import { litres } from '../../domain/metering/units.ts';
import { ByteScanner } from './byte-scanner.ts';

/** What the usual message says. */
export interface ScannedMessage {
  readonly meter?: string;
  readonly readings: readonly RegisterReading[];
  readonly seq?: number;
  readonly stream?: string;
  readonly oldest?: number;
}

export interface ScanLimits {
  readonly maxReadings: number;
  readonly maxIndexLitres: number;
}

const text = (ascii: string): Uint8Array => Buffer.from(ascii, 'latin1');
const [START, METER, NEXT_MEMBER] = [text('{'), text('"meter":"'), text('",')];
const [LONE, LIST, NEXT, LIST_END] = [text('"at":"'), text('"readings":[{"at":"'), text('},{"at":"'), text('}]')];
const INDEX = text('","index_l":');
const [SEQ, STREAM, QUOTE, OLDEST, END] = [
  text(',"seq":'),
  text(',"stream":"'),
  text('"'),
  text(',"oldest":'),
  text('}'),
];

/**
 * Reads a message that is written as senders usually write it: without spaces, its members in this order (`meter`, if
 * it is named; `at` and `index_l`, or a list of such `readings`; then `seq`, `stream` and `oldest`, if any), times to
 * the second or the millisecond. That is several times as fast as to parse JSON and check it against a schema.
 *
 * Undefined is no refusal: everything that is not exactly so, right or wrong, is for the schema to read.
 */
export function scanNativeJson(bytes: Uint8Array, limits: ScanLimits): ScannedMessage | undefined {
  const scanner = new ByteScanner(bytes);
  if (!scanner.skip(START)) return undefined;
  const meter = scanner.skip(METER) ? scanner.name() : undefined;
  if (meter !== undefined && !scanner.skip(NEXT_MEMBER)) return undefined;
  const readings = scanner.skip(LIST) ? scanList(scanner, limits) : scanLone(scanner, limits);
  if (!readings) return undefined;
  const message: { -readonly [Name in keyof ScannedMessage]: ScannedMessage[Name] } = { readings };
  if (meter !== undefined) message.meter = meter;
  if (!scanPlace(scanner, message)) return undefined;
  return scanner.skip(END) && scanner.isAtEnd ? message : undefined;
}

function scanLone(scanner: ByteScanner, limits: ScanLimits): RegisterReading[] | undefined {
  const reading = scanner.skip(LONE) ? scanReading(scanner, limits) : undefined;
  return reading && [reading];
}

function scanList(scanner: ByteScanner, limits: ScanLimits): RegisterReading[] | undefined {
  const readings: RegisterReading[] = [];
  do {
    const reading = scanReading(scanner, limits);
    if (!reading || readings.length === limits.maxReadings) return undefined;
    readings.push(reading);
  } while (scanner.skip(NEXT));
  return scanner.skip(LIST_END) ? readings : undefined;
}

/** From the first letter of its time to the last digit of its register. */
function scanReading(scanner: ByteScanner, { maxIndexLitres }: ScanLimits): RegisterReading | undefined {
  const readAtMs = scanner.time();
  if (readAtMs === undefined || !scanner.skip(INDEX)) return undefined;
  const index = scanner.wholeNumber();
  return index === undefined || index > maxIndexLitres ? undefined : { readAtMs, indexLitres: litres(index) };
}

/** Where the message stands in what its sender has sent. False where something else stands there. */
function scanPlace(scanner: ByteScanner, message: { seq?: number; stream?: string; oldest?: number }): boolean {
  if (scanner.skip(SEQ)) {
    const seq = scanner.wholeNumber();
    if (seq === undefined) return false;
    message.seq = seq;
  }
  if (scanner.skip(STREAM)) {
    message.stream = scanner.name();
    if (!scanner.skip(QUOTE)) return false;
  }
  if (scanner.skip(OLDEST)) {
    const oldest = scanner.wholeNumber();
    if (oldest === undefined) return false;
    message.oldest = oldest;
  }
  return true;
}
