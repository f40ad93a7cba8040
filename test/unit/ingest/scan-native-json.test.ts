import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBySchema, nativeJson } from '../../../src/ingest/decoders/native-json.ts';
import { ByteScanner } from '../../../src/ingest/decoders/byte-scanner.ts';
import { scanNativeJson } from '../../../src/ingest/decoders/scan-native-json.ts';

const RECEIVED_AT = new Date('2026-11-23T12:00:00Z');
const IDENTITY = { sender: 'east', serial: 'WM-1' };
const LIMITS = { maxReadings: 3, maxIndexLitres: 1_000 };
const AT = '2026-11-23T11:00:00Z';

/** Between other bytes, as messages lie in a batch. */
function scan(message: string) {
  const bytes = Buffer.from(`99${message}00Z"}]}`);
  const scanner = new ByteScanner();
  scanner.read(bytes, 2, 2 + Buffer.byteLength(message));
  const readings: { readonly readAtMs: number; readonly indexLitres: number }[] = [];
  const add = (readAtMs: number, indexLitres: number) => readings.push({ readAtMs, indexLitres });
  const place = scanNativeJson(scanner, 'WM-1', LIMITS, { add });
  return place && { readings, ...place };
}

const both = (bytes: Uint8Array) => ({
  fast: nativeJson.decode(IDENTITY, bytes, RECEIVED_AT),
  defined: decodeBySchema(IDENTITY, bytes, RECEIVED_AT),
});

describe('the usual message', () => {
  it.each([
    [`{"at":"${AT}","index_l":7}`, { readings: [{ readAtMs: Date.parse(AT), indexLitres: 7 }] }],
    [`{"at":"${AT}","index_l":0,"seq":17}`, { readings: [{ readAtMs: Date.parse(AT), indexLitres: 0 }], seq: 17 }],
    [
      `{"meter":"WM-1","readings":[{"at":"2026-02-28T23:59:59.250+08:00","index_l":5},{"at":"${AT}","index_l":1000}],"seq":1,"stream":"b-2","oldest":0}`,
      {
        readings: [
          { readAtMs: Date.parse('2026-02-28T23:59:59.250+08:00'), indexLitres: 5 },
          { readAtMs: Date.parse(AT), indexLitres: 1_000 },
        ],
        seq: 1,
        stream: 'b-2',
        oldest: 0,
      },
    ],
  ])('is read byte by byte: %s', (message, content) => {
    expect(scan(message)).toEqual(content);
  });

  it.each([
    ['spaces', `{ "at":"${AT}","index_l":7}`],
    ['another order', `{"index_l":7,"at":"${AT}"}`],
    ['something behind it', `{"at":"${AT}","index_l":7} `],
    ['something beside it', `{"at":"${AT}","index_l":7,"status":[]}`],
    ['a register with a fraction', `{"at":"${AT}","index_l":7.0}`],
    ['a register with a leading zero', `{"at":"${AT}","index_l":07}`],
    ['a register that is too high', `{"at":"${AT}","index_l":1001}`],
    ['a number that is too long', `{"at":"${AT}","index_l":7,"seq":9007199254740993}`],
    ['a day that there is not', `{"at":"2026-02-29T11:00:00Z","index_l":7}`],
    ['an hour that there is not', `{"at":"2026-02-28T24:00:00Z","index_l":7}`],
    ['no zone', `{"at":"2026-02-28T11:00:00","index_l":7}`],
    [
      'more readings than a message may have',
      `{"readings":[${Array(4).fill(`{"at":"${AT}","index_l":1}`).join(',')}]}`,
    ],
    ['another meter', `{"meter":"WM-2","at":"${AT}","index_l":7}`],
    ['more than the meter', `{"meter":"WM-12","at":"${AT}","index_l":7}`],
    ['no readings', `{"readings":[]}`],
    ['an end that seems to come', `{"at":"${AT.slice(0, -3)}`],
    ['an end that does not come', `{"at":"${AT}","index_l":7`],
  ])('is left to the schema with %s', (_what, message) => {
    expect(scan(message)).toBeUndefined();
  });
});

/** Times as meters write them, and as they do not: days that do not exist, other zones, clocks that are wrong. */
const time = fc.oneof(
  fc
    .date({ min: new Date('1999-12-31T00:00:00Z'), max: new Date('2027-01-01T00:00:00Z'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc
    .tuple(
      fc.constantFrom('1999', '2000', '2024', '2026', '2099', '2100'),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 24 }),
      fc.integer({ min: 0, max: 60 }),
      fc.constantFrom('Z', '.5Z', '.250Z', '.2500Z', '+08:00', '-23:59', '-00:00', '+24:00', '+8:00', '+0800', '', 'z'),
    )
    .map(([year, ...[month, day, hour, minute, zone]]) => {
      const [mm, dd, h, m] = [month, day, hour, minute].map((part) => String(part).padStart(2, '0'));
      return `${year}-${mm}-${dd}T${h}:${m}:00${zone}`;
    }),
);
const amount = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom('0', '-0', '01', '1.0', '1e3', '1000000000000', '1000000000001', '9007199254740993', '', '"1"'),
);
const reading = fc.tuple(time, amount).map(([at, index]) => `"at":"${at}","index_l":${index}`);
const place = fc
  .tuple(
    fc.option(amount),
    fc.option(fc.oneof(fc.stringMatching(/^[A-Za-z0-9._:-]{0,66}$/), fc.string({ maxLength: 4 }))),
    fc.option(amount),
  )
  .map(([seq, stream, oldest]) =>
    [
      seq === null ? '' : `,"seq":${seq}`,
      stream === null ? '' : `,"stream":${JSON.stringify(stream)}`,
      oldest === null ? '' : `,"oldest":${oldest}`,
    ].join(''),
  );
const meter = fc.constantFrom('', '"meter":"WM-1",', '"meter":"WM-2",', '"meter":"",', '"meter":"WM 1",', '"meter":1,');
const nearlyUsual = fc
  .tuple(
    meter,
    fc.oneof(
      reading,
      fc.array(reading, { maxLength: 4 }).map((all) => `"readings":[${all.map((one) => `{${one}}`).join(',')}]`),
    ),
    place,
  )
  .map(([named, readings, rest]) => `{${named}${readings}${rest}}`);
/** A message with some of its bytes cut, doubled or changed on the way. */
const damaged = fc
  .tuple(nearlyUsual, fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 2 }))
  .map(([message, where, cut, bytes]) => {
    const whole = Buffer.from(message);
    const at = where % (whole.length + 1);
    return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + cut)]);
  });

describe('reading byte by byte', () => {
  it('gives for every message exactly what the schema gives', () => {
    const message = fc.oneof(
      nearlyUsual.map((text) => Buffer.from(text)),
      damaged,
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(message, (bytes) => {
        const { fast, defined } = both(bytes);
        expect(fast).toStrictEqual(defined);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is what most messages meet: of those that are good and usual, none is left to the schema', () => {
    const good = fc.tuple(
      fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: RECEIVED_AT, noInvalidDate: true }),
      fc.integer({ min: 0, max: 1_000 }),
    );
    fc.assert(
      fc.property(fc.array(good, { minLength: 1, maxLength: 3 }), fc.nat(), (readings, seq) => {
        const list = readings.map(([at, index]) => ({ at: at.toISOString(), index_l: index }));
        expect(scan(JSON.stringify({ readings: list, seq }))).toBeDefined();
        expect(scan(JSON.stringify({ ...list[0], seq }))).toBeDefined();
        expect(scan(JSON.stringify({ meter: 'WM-1', ...list[0] }))).toBeDefined();
      }),
    );
  });
});
