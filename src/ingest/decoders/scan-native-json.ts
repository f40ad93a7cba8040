import { type ByteScanner, NONE } from './byte-scanner.ts';

/** What the usual message says beside its readings: where it stands in what its sender has sent. */
export interface ScannedPlace {
  readonly seq?: number | undefined;
  readonly stream?: string | undefined;
  readonly oldest?: number | undefined;
}

/** Where the readings of a message go as they are found. What a message that is not usual has left there counts nothing. */
export interface ReadingSink {
  readonly add: (readAtMs: number, indexLitres: number) => void;
}

const NO_PLACE: ScannedPlace = {};

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
 * The message is what the scanner was given to read, and the meter that it names, if any, must be this one. Undefined is
 * no refusal: everything that is not exactly so, right or wrong, is for the schema to read.
 */
export function scanNativeJson(
  scanner: ByteScanner,
  serial: string,
  limits: ScanLimits,
  readings: ReadingSink,
): ScannedPlace | undefined {
  if (!scanner.skip(START)) return undefined;
  if (scanner.skip(METER) && !(scanner.skipLetters(serial) && scanner.skip(NEXT_MEMBER))) return undefined;
  const isRead = scanner.skip(LIST) ? scanList(scanner, limits, readings) : scanLone(scanner, limits, readings);
  if (!isRead) return undefined;
  return scanner.isAt(END) ? NO_PLACE : scanPlace(scanner);
}

function scanLone(scanner: ByteScanner, limits: ScanLimits, readings: ReadingSink): boolean {
  return scanner.skip(LONE) && scanReading(scanner, limits, readings);
}

function scanList(scanner: ByteScanner, limits: ScanLimits, readings: ReadingSink): boolean {
  let count = 0;
  do {
    count += 1;
    if (count > limits.maxReadings || !scanReading(scanner, limits, readings)) return false;
  } while (scanner.skip(NEXT));
  return scanner.skip(LIST_END);
}

/** From the first letter of its time to the last digit of its register. */
function scanReading(scanner: ByteScanner, { maxIndexLitres }: ScanLimits, readings: ReadingSink): boolean {
  const readAtMs = scanner.time();
  if (readAtMs === NONE || !scanner.skip(INDEX)) return false;
  const index = scanner.wholeNumber();
  if (index === NONE || index > maxIndexLitres) return false;
  readings.add(readAtMs, index);
  return true;
}

/** Up to the end of the message. */
function scanPlace(scanner: ByteScanner): ScannedPlace | undefined {
  const seq = scanner.skip(SEQ) ? scanner.wholeNumber() : undefined;
  const stream = scanner.skip(STREAM) ? scanner.name() : undefined;
  if (stream !== undefined && !scanner.skip(QUOTE)) return undefined;
  const oldest = scanner.skip(OLDEST) ? scanner.wholeNumber() : undefined;
  return seq === NONE || oldest === NONE || !scanner.isAt(END) ? undefined : { seq, stream, oldest };
}
