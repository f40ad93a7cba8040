import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodedMessage } from '../../../../src/ingest/decoders/decoder.ts';
import { interpret } from '../../../../src/ingest/interpret.ts';
import { decodersOf, type Telegram, telegrams } from '../../../support/telegrams.ts';

const RECEIVED_AT = new Date('2026-11-23T12:00:05Z');
const TWO_MINUTES_MS = 120_000;

/** What breaks naive readers of numbers, times, names and lists. */
const POISON: readonly unknown[] = [
  ...[-1, -0, 0.5, 1e-300, 1e21, 1.7976931348623157e308, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 8.64e18, 1e13],
  ...['-1', '1e3', '1e999', '0x10', '١٢', ' 7', '7 ', '9'.repeat(400), '.', '-', 'NaN', 'Infinity', '', '\u0000'],
  ...['2038-01-19T03:14:08Z', '1970-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-23T12:00:00', 'now'],
  ...['__proto__', 'constructor', 'x'.repeat(5_000), '../../etc', 'a/b', '+', '#', '\ud800'],
  ...[null, true, false, [], {}, [[]], [null], { length: 5 }, { toString: 'x' }, Array(2_000).fill(1)],
];

/** Poison is named by its number, so that a failure can be read. */
const hostile = fc.oneof(
  { weight: 4, arbitrary: fc.record({ poison: fc.nat(POISON.length - 1) }) },
  fc.record({ other: fc.oneof(fc.anything({ maxDepth: 2, maxKeys: 3 }), fc.double(), fc.string()) }),
);
const bend = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('set', 'set', 'drop', 'add', 'proto'),
  name: fc.constantFrom('__proto__', 'constructor', 'status', 'readings', 'object', 'time', 'index_l'),
  value: hostile,
});
interface Bend {
  readonly place: number;
  readonly how: string;
  readonly name: string;
  readonly value: { readonly poison: number } | { readonly other: unknown };
}

/** The payload with some of its fields changed, left out or added. */
function bent(payload: unknown, bends: readonly Bend[]): string {
  const json: unknown = structuredClone(payload);
  for (const { place, how, name, value } of bends) {
    const places = placesIn(json);
    const [holder, key] = places[place % Math.max(1, places.length)] ?? [];
    if (!holder || key === undefined) continue;
    const set = structuredClone('poison' in value ? POISON[value.poison] : value.other);
    if (how === 'drop') Reflect.deleteProperty(holder, key);
    else put(holder, how === 'set' ? key : how === 'proto' ? '__proto__' : name, set);
  }
  return JSON.stringify(json, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

/** As a parser of JSON would: `__proto__` is a field like any other. */
function put(holder: object, key: string, value: unknown): void {
  if (Array.isArray(holder) && key === 'length') return;
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesIn(json: unknown): [Record<string, unknown>, string][] {
  if (typeof json !== 'object' || json === null) return [];
  const holder = json as Record<string, unknown>;
  return Object.keys(holder).flatMap(
    (key) => [[holder, key], ...placesIn(holder[key])] as [Record<string, unknown>, string][],
  );
}

function read(telegram: Telegram, payload: Uint8Array) {
  const { topic } = telegram;
  const message = {
    source: 'mqtt' as const,
    topic,
    payload,
    payloadBytes: payload.byteLength,
    receivedAt: RECEIVED_AT,
  };
  return interpret(message, decodersOf(telegram));
}

/** Whatever was sent: registers that are registers, at times that can be, or a reason that is not our own mistake. */
function expectReadingsOrReason({ content, rejection }: ReturnType<typeof interpret>): void {
  expect(rejection?.reason).not.toBe('decoder_failed');
  expect(content ?? rejection).toBeDefined();
  expect(rejection?.detail.length ?? 0).toBeLessThan(1_000);
  if (content) expectReadings(content);
}

function expectReadings(content: DecodedMessage): void {
  expect(content.serial).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
  expect(content.sequence?.seq ?? 0).toBeGreaterThanOrEqual(0);
  expect(content.sequence?.seq ?? 0).toSatisfy(Number.isSafeInteger);
  expect(content.readings.length).toBeGreaterThan(0);
  expect(content.readings.length).toBeLessThanOrEqual(1_000);
  for (const { readAtMs, indexLitres } of content.readings) {
    expect(Number.isSafeInteger(indexLitres) && indexLitres >= 0 && indexLitres <= 1e12).toBe(true);
    expect(Number.isSafeInteger(readAtMs) && readAtMs <= RECEIVED_AT.getTime() + 600_000).toBe(true);
  }
}

/** The native format has properties of its own, beside it. */
const ALL = telegrams().filter(({ format }) => format !== 'native');
const FORMATS = [...new Set(ALL.map(({ format }) => format))];

function named(name: string): Telegram {
  const telegram = ALL.find((each) => each.name === name);
  if (!telegram) throw new Error(`no telegram ${name}`);
  return telegram;
}

describe.each(FORMATS)('what strangers send on topics of %s', (format) => {
  const names = ALL.filter((telegram) => telegram.format === format).map(({ name }) => name);

  it(
    'never throws, and is either readings that can be or a reason',
    () => {
      fc.assert(
        fc.property(fc.constantFrom(...names), fc.array(bend, { minLength: 1, maxLength: 4 }), (name, bends) => {
          const telegram = named(name);
          expectReadingsOrReason(read(telegram, Buffer.from(bent(telegram.payload, bends))));
        }),
        { numRuns: 2_000 },
      );
      expect(({} as Record<string, unknown>)['value']).toBeUndefined();
    },
    TWO_MINUTES_MS,
  );

  it('may be any bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), bytes, (name, payload) => {
        expectReadingsOrReason(read(named(name), payload));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a message made to keep the reader busy', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  /** Milliseconds of processor time: other work on the machine must not count. */
  const heavy = (telegram: Telegram, payload: string) => {
    const startedAt = process.cpuUsage();
    expectReadingsOrReason(read(telegram, Buffer.from(payload.slice(0, 262_144))));
    return process.cpuUsage(startedAt).user / 1_000;
  };
  it.each([
    ['a status of 50,000 words', 'wmbusmeters/multical21-in-order', { status: 'a '.repeat(50_000) }],
    ['a list of 60,000 alarms', 'wmbusmeters/izar-blocked', { current_alarms: Array<string>(60_000).fill('x') }],
    ['a register of 200,000 digits', 'wmbusmeters/multical21-in-order', { total_m3: '9'.repeat(200_000) }],
    ['a time of 200,000 digits', 'mapped/local-time', { readTime: '1'.repeat(200_000) }],
    ['50,000 differences', 'mapped/base-and-differences', { hours: Array<number>(50_000).fill(1) }],
    [
      'a thousand long differences',
      'mapped/base-and-differences',
      { hours: Array<string>(900).fill(`${'9'.repeat(30)}.${'9'.repeat(30)}`) },
    ],
  ])('%s is soon done with', (_what, name, change) => {
    const telegram = named(name);
    const took = heavy(telegram, JSON.stringify({ ...(telegram.payload as object), ...change }));
    expect(took).toBeLessThan(1_000);
  });

  it.each(FORMATS)('nothing but brackets is soon done with by %s', (format) => {
    for (const telegram of ALL.filter((each) => each.format === format))
      expect(heavy(telegram, deep)).toBeLessThan(1_000);
  });

  it('has up to a thousand readings, and is refused as a whole with more', () => {
    const telegram = named('mapped/list-of-readings');
    const withRows = (count: number) => {
      const rows = Array.from({ length: count }, (_, row) => ({ t: 1_795_431_600_000 + row, v: [row] }));
      return read(telegram, Buffer.from(JSON.stringify({ device: { id: 'LG-7' }, log: { rows } })));
    };
    expect(withRows(1_000).content?.readings).toHaveLength(1_000);
    expect(withRows(1_001)).toMatchObject({ content: undefined, rejection: { reason: 'too_large' } });
  });

  it('has up to a thousand readings where each entry of a list is several', () => {
    const telegram = named('mapped/base-and-differences');
    const mappings = [{ ...mappingOf(telegram), readings: 'days' }];
    const days = Array.from({ length: 60 }, (_, day) => ({
      base: { at: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(), m3: day },
      hours: Array<number>(24).fill(0),
    }));
    const { content, rejection } = read({ ...telegram, settings: { mappings } }, Buffer.from(JSON.stringify({ days })));
    expect(content?.readings).toHaveLength(1_000);
    expect(rejection?.reason).toBe('too_large');
  });

  it('has fewer than a thousand differences, and only its register with more', () => {
    const telegram = named('mapped/base-and-differences');
    const payload = { ...(telegram.payload as object), hours: Array<number>(1_000).fill(0) };
    const { content, rejection } = read(telegram, Buffer.from(JSON.stringify(payload)));
    expect(content?.readings).toHaveLength(1);
    expect(rejection?.reason).toBe('too_large');
  });

  it('has no differences of hours that are still to come', () => {
    const telegram = named('mapped/base-and-differences');
    const payload = { ...(telegram.payload as object), hours: [1, 1, 1, 1, 1, 1] };
    const { content, rejection } = read(telegram, Buffer.from(JSON.stringify(payload)));
    expect(content?.readings.map(({ readAtMs }) => new Date(readAtMs).getUTCHours())).toEqual([8, 9, 10, 11, 12]);
    expect(rejection?.reason).toBe('from_the_future');
  });

  it('says how many of the words are read', () => {
    const telegram = named('wmbusmeters/multical21-in-order');
    const payload = { ...(telegram.payload as object), status: `${'ok '.repeat(101)}leak` };
    const { content, rejection } = read(telegram, Buffer.from(JSON.stringify(payload)));
    expect(content?.readings).toHaveLength(1);
    expect(rejection?.detail).toContain('more words than are read');
  });
});

function mappingOf({ settings }: Telegram): object {
  return (settings as { mappings: [object] }).mappings[0];
}
