import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeJson } from '../../../src/ingest/decoders/native-json.ts';

const RECEIVED_AT = new Date('2026-11-23T12:00:00Z');
const AT = '2026-11-23T11:00:00Z';

const decode = (payload: string | Uint8Array) =>
  nativeJson.decode({ sender: 'WM-1', serial: 'WM-1' }, Buffer.from(payload), RECEIVED_AT);
const reasonFor = (payload: string | Uint8Array) => {
  const decoded = decode(payload);
  return decoded.ok ? (decoded.value.rejection?.reason ?? 'understood') : decoded.error.reason;
};
const withIndex = (literal: string) => `{"at":"${AT}","index_l":${literal}}`;
const withTime = (at: string) => JSON.stringify({ at, index_l: 1 });

describe('the native format', () => {
  it('reads a lone reading', () => {
    expect(decode(`{"at":"${AT}","index_l":123456,"seq":17}`)).toMatchObject({
      ok: true,
      value: { serial: 'WM-1', readings: [{ readAtMs: Date.parse(AT), indexLitres: 123_456 }], flags: [] },
    });
  });

  it('reads a batch with what the meter says of itself, in the local time of the meter', () => {
    const payload = {
      meter: 'WM-1',
      readings: [
        { at: '2026-11-23T18:00:00+08:00', index_l: 5 },
        { at: '2026-11-23T19:00:00.500+08:00', index_l: 7 },
      ],
      status: ['leak', 'battery'],
      seq: 3,
    };
    expect(decode(JSON.stringify(payload))).toMatchObject({
      ok: true,
      value: {
        serial: 'WM-1',
        readings: [
          { readAtMs: Date.parse('2026-11-23T10:00:00Z'), indexLitres: 5 },
          { readAtMs: Date.parse('2026-11-23T11:00:00.500Z'), indexLitres: 7 },
        ],
        flags: ['leak', 'battery'],
      },
    });
  });

  it.each([
    ['each hour', { deltas_l: [12, 0, 3] }, 3_600],
    ['each quarter of an hour', { deltas_l: [12, 0, 3], step_s: 900 }, 900],
  ])('reads a register and what ran in %s after it', (_, steps, stepSeconds) => {
    const decoded = decode(JSON.stringify({ at: '2026-11-23T08:30:00+01:00', index_l: 100, ...steps }));
    const startMs = Date.parse('2026-11-23T07:30:00Z');
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        readings: [100, 112, 112, 115].map((indexLitres, i) => ({
          readAtMs: startMs + i * stepSeconds * 1_000,
          indexLitres,
        })),
      },
    });
  });

  it('takes water that ran back as it is, and the hours that can be of those that cannot', () => {
    expect(decode(`{"at":"${AT}","index_l":5,"deltas_l":[-5]}`)).toMatchObject({
      value: { readings: [{ indexLitres: 5 }, { indexLitres: 0 }] },
    });
    const tomorrow = decode(`{"at":"${AT}","index_l":5,"deltas_l":${JSON.stringify(Array(40).fill(1))}}`);
    expect(tomorrow.ok && tomorrow.value.readings.length).toBeGreaterThan(1);
    expect(tomorrow).toMatchObject({
      value: { rejection: { detail: expect.stringMatching(/^reading \d+ of 41: /) as string } },
    });
  });

  it.each([
    ['a register below nothing', '"deltas_l":[-6]'],
    ['a register beyond any dial', '"deltas_l":[1000000000000]'],
    ['half a litre', '"deltas_l":[0.5]'],
    ['no stretch at all', '"deltas_l":[]'],
    ['more stretches than readings are taken', `"deltas_l":${JSON.stringify(Array(1_000).fill(0))}`],
    ['a length of no stretch', '"step_s":900'],
    ['stretches without length', '"deltas_l":[1],"step_s":0'],
    ['stretches in each of several readings', `"readings":[{"at":"${AT}","index_l":5,"deltas_l":[1]}]`],
  ])('refuses %s', (_, fields) => {
    const head = fields.startsWith('"readings"') ? '' : `"at":"${AT}","index_l":5,`;
    expect(reasonFor(`{${head}${fields}}`)).toBe('schema_mismatch');
  });

  it('keeps the good readings of a batch and says what is wrong with the bad one', () => {
    const readings = [
      { at: AT, index_l: 5 },
      { at: AT, index_l: -1 },
      { at: '2026-11-23T10:00:00Z', index_l: 4 },
    ];
    const decoded = decode(JSON.stringify({ readings }));

    expect(decoded.ok && decoded.value.readings.map(({ indexLitres }) => indexLitres)).toEqual([5, 4]);
    expect(decoded.ok && decoded.value.rejection).toEqual({
      reason: 'schema_mismatch',
      detail: expect.stringMatching(/^reading 2 of 3: index_l: /) as string,
    });
  });

  it('keeps the readings of a meter that reports something nobody knows', () => {
    const decoded = decode(`{"at":"${AT}","index_l":5,"status":["leak","haunted"]}`);
    expect(decoded).toMatchObject({
      ok: true,
      value: { flags: ['leak'], readings: [{}], rejection: { reason: 'schema_mismatch' } },
    });
  });

  it('keeps the place of a message in what its sender sent, also of one that is refused', () => {
    expect(decode(`{"at":"${AT}","index_l":5,"seq":17}`)).toMatchObject({
      value: { sequence: { sender: 'WM-1', stream: '', seq: 17 } },
    });
    expect(decode(`{"at":"1970-01-01T00:00:00Z","index_l":5,"seq":18,"stream":"b2","oldest":16}`)).toMatchObject({
      error: { reason: 'too_old', sequence: { sender: 'WM-1', stream: 'b2', seq: 18, oldest: 16 } },
    });
  });

  it('knows its topics and the serials that a meter can have', () => {
    expect(nativeJson.identify('meters/WM-1.a:b_c/readings')).toEqual({ sender: 'WM-1.a:b_c', serial: 'WM-1.a:b_c' });
    expect(nativeJson.identify('head-ends/east/meters/WM-1/readings')).toEqual({ sender: 'east', serial: 'WM-1' });
    for (const topic of [
      'meters/+/readings',
      'meters//readings',
      'head-ends//meters/a/readings',
      'meters/a b/readings',
      'meters/a/b/readings',
    ]) {
      expect(nativeJson.identify(topic)).toBeUndefined();
    }
    expect(nativeJson.identify(`meters/${'x'.repeat(65)}/readings`)).toBeUndefined();
  });
});

describe('a register', () => {
  it.each(['0', '1', '999999999999', '1000000000000'])('may stand at %s litres', (literal) => {
    expect(reasonFor(withIndex(literal))).toBe('understood');
  });

  it.each([
    ...['-1', '-0', '-0.0', '1.5', '1e308', '1e999', '-1e999', '1000000000001', '9007199254740993'],
    ...['"123"', '"1e3"', 'null', 'true', '[1]', '{}', '""'],
  ])('never stands at %s', (literal) => {
    expect(reasonFor(withIndex(literal))).toBe('schema_mismatch');
  });

  it.each(['NaN', 'Infinity', '0x10', '01', '+1', '1.', '.5', '1_000'])('%s is not even JSON', (literal) => {
    expect(reasonFor(withIndex(literal))).toBe('not_json');
  });

  it('is taken as it stands, or not at all', () => {
    fc.assert(
      fc.property(fc.double(), (amount) => {
        const decoded = decode(withIndex(JSON.stringify(amount)));
        const isVolume = Number.isSafeInteger(amount) && amount >= 0 && amount <= 1e12;
        // JSON has no minus zero of its own: it is written as 0.
        expect(decoded.ok ? decoded.value.readings[0]?.indexLitres : undefined).toBe(isVolume ? amount + 0 : undefined);
      }),
      { examples: [[2 ** 53], [1e12], [1e12 + 1], [-5]] },
    );
  });
});

describe('a clock', () => {
  it.each(['2038-01-19T03:14:08Z', '2026-11-23T12:10:01Z', '9999-12-31T23:59:59Z'])('is not in %s', (at) => {
    expect(reasonFor(withTime(at))).toBe('from_the_future');
  });

  it.each(['1970-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '0000-01-01T00:00:00Z'])('is not back in %s', (at) => {
    expect(reasonFor(withTime(at))).toBe('too_old');
  });

  it.each(['2026-11-23T12:10:00Z', '2000-01-01T00:00:00Z', '2024-02-29T00:00:00Z'])('may show %s', (at) => {
    expect(reasonFor(withTime(at))).toBe('understood');
  });

  it.each([
    ...['2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '2026-11-23T24:00:00Z', '2026-11-23T23:59:60Z'],
    ...['2026-11-23T11:00:00', '2026-11-23T11:00Z', '2026-11-23', '1700000000', 'yesterday', ''],
  ])('never shows "%s"', (at) => {
    expect(reasonFor(withTime(at))).toBe('schema_mismatch');
  });
});

describe('what strangers send', () => {
  it.each([
    ['nothing', ''],
    ['text', 'the tap is dripping'],
    ['half a message', '{"readings":[{"at":'],
    ['broken UTF-8', Uint8Array.of(0x22, 0xff, 0xfe, 0x22)],
    ['a mark of byte order', `\uFEFF${withIndex('1')}`],
  ])('refuses %s as not JSON', (_what, payload) => {
    expect(reasonFor(payload)).toBe('not_json');
  });

  it.each([
    ...['null', '5', '"x"', '[]', '{}', '{"readings":[]}', '{"readings":{}}', '{"readings":[null]}'],
    `{"readings":[{"at":"${AT}","index_l":1}],"at":"${AT}","index_l":1}`,
    `{"at":"${AT}","index_l":1,"seq":-1}`,
    `{"at":"${AT}","index_l":1,"status":"leak"}`,
    `{"at":"${AT}","index_l":1,"__proto__":{"index_l":5}}`,
    `{"at":"${AT}","index_l":1,"\\u005f_proto__":{"index_l":5}}`,
    `{"at":"${AT}","index_l":1,"constructor":{"prototype":{"index_l":5}}}`,
    `{"readings":[{"at":"${AT}","index_l":1,"__proto__":{"x":1}}]}`,
    `{"__proto__":{"readings":[]}}`,
    `{"readings":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    `${'{"readings":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  ])('refuses what has another shape, case %#', (payload) => {
    expect(reasonFor(payload)).toBe('schema_mismatch');
    expect(({} as Record<string, unknown>)['index_l']).toBeUndefined();
  });

  it('refuses a meter that speaks for another', () => {
    expect(reasonFor(`{"meter":"WM-2","at":"${AT}","index_l":1}`)).toBe('identity_mismatch');
  });

  it('refuses more readings than a message may have', () => {
    const readings = Array.from({ length: 1_001 }, () => ({ at: AT, index_l: 1 }));
    expect(reasonFor(JSON.stringify({ readings }))).toBe('too_large');
    expect(reasonFor(JSON.stringify({ readings: readings.slice(1) }))).toBe('understood');
  });

  it('never throws, and believes no reading out of range', () => {
    const almostReading = fc.record(
      {
        at: fc.oneof(fc.constant(AT), fc.string(), fc.anything()),
        index_l: fc.oneof(fc.nat(), fc.double(), fc.anything()),
      },
      { requiredKeys: [] },
    );
    const almostMessage = fc.record(
      { readings: fc.array(fc.oneof(almostReading, fc.anything())), status: fc.anything(), seq: fc.anything() },
      { requiredKeys: [] },
    );
    const payload = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc.oneof(almostReading, almostMessage).map((value) => Buffer.from(jsonOf(value))),
    );
    fc.assert(
      fc.property(payload, (bytes) => {
        const decoded = nativeJson.decode({ sender: 'WM-1', serial: 'WM-1' }, bytes, RECEIVED_AT);
        const readings = decoded.ok ? decoded.value.readings : [];
        expect(readings.every(({ indexLitres }) => Number.isSafeInteger(indexLitres) && indexLitres >= 0)).toBe(true);
        expect(readings.every(({ readAtMs }) => readAtMs <= RECEIVED_AT.getTime() + 600_000)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
