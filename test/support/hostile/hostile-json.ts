import type { RandomStream } from '../../../simulator/random.ts';

/** Numbers as JSON may write them, from the harmless to those that break what reads them. */
const NUMBERS = [
  ...['0', '-0', '-1', '1', '123456', '1.5', '0.1', '1e3', '1E+3', '-1e-7', '1e308', '-1e308', '1e309', '1e400'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9223372036854775807', '9223372036854775808'],
  ...['18446744073709551616', '1000000000000', '1000000000001', '4294967296', '2147483648', '0.30000000000000004'],
  ...['NaN', 'Infinity', '-Infinity', '+1', '01', '0x10', '1_000', '.5', '5.', '1e', '٣', '１２'],
  ...['"1e3"', '"12"', '"NaN"', '""', 'null', 'true', '[]', '{}', '9'.repeat(400)],
];

/** Times that meters with a lost, a broken or a foreign clock have sent. None lies near the present. */
const TIMES = [
  ...['1970-01-01T00:00:00Z', '1980-01-06T00:00:00Z', '1999-12-31T23:59:59Z', '2038-01-19T03:14:07Z'],
  ...['2038-01-19T03:14:08Z', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z'],
  ...['2016-12-31T23:59:60Z', '2015-06-30T23:59:60+00:00', '2020-02-30T00:00:00Z', '2021-02-29T00:00:00Z'],
  ...['2020-01-01T24:00:00Z', '2020-01-01T25:00:00Z', '2020-13-01T00:00:00Z', '2020-1-1T0:0:0Z', '2020-01-01'],
  ...['2020-01-01T00:00:00', '2020-01-01 00:00:00Z', '2020-01-01T00:00:00+24:00', '2020-01-01T00:00:00-23:59'],
  ...['2020-01-01T00:00:00.123456789Z', '2020-01-01T00:00:00.Z', '0000-00-00T00:00:00Z', 'yesterday', '', '0'],
  ...['2020-01-01T00:00:00Z\\u0000', '２０２０-01-01T00:00:00Z', '1577836800', '1577836800000'],
];

/** Keys that other programs have stumbled over, beside those that formats use. */
const KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', '', '\\u0000'],
  ...['at', 'index_l', 'readings', 'meter', 'status', 'seq', 'stream', 'oldest', 'id', 'total_m3', 'timestamp'],
  ...[
    'object',
    'deviceInfo',
    'devEui',
    'uplink_message',
    'decoded_payload',
    'end_device_ids',
    'Message',
    'Consumption',
  ],
];

const TEXTS = [
  ...['leak', 'burst', 'WM-1', '__proto__', '\\u0000', '\\ud800', '\\udfff\\ud800', '🚰', '水', '../../etc/passwd'],
  ...["'; drop table register_reading; --", '${7*7}', '{{7*7}}', '<script>', '%00', '\\\\', '\\u202e', 'a\\tb'],
];

/** Some JSON, or nearly, of no format in particular. */
export function hostileJson(random: RandomStream, depth = 0): string {
  const kind = random.whole(0, depth > 4 ? 3 : 6);
  if (kind === 0) return random.pick(NUMBERS);
  if (kind === 1) return `"${random.pick(TIMES)}"`;
  if (kind === 2) return `"${random.pick(TEXTS)}"`;
  if (kind === 3) return random.pick(['null', 'true', 'false', '{}', '[]', 'undefined']);
  const size = random.whole(0, 4);
  if (kind === 4) return `[${many(size, () => hostileJson(random, depth + 1))}]`;
  return `{${many(size, () => `"${random.pick(KEYS)}":${hostileJson(random, depth + 1)}`)}}`;
}

/** A native message of which one or more parts are not what they should be. */
export function hostileNative(random: RandomStream): string {
  const time = () => (random.chance(0.6) ? '2026-11-20T05:00:00Z' : random.pick(TIMES));
  const index = () => (random.chance(0.6) ? String(random.whole(0, 99_999)) : random.pick(NUMBERS));
  const reading = () => `{"at":"${time()}","index_l":${index()}${extra(random)}}`;
  if (random.chance(0.5)) return reading();
  const about = random.chance(0.2) ? `,"status":${hostileJson(random, 4)}` : '';
  return `{"readings":[${many(random.whole(0, 4), reading)}]${about}${extra(random)}}`;
}

function extra(random: RandomStream): string {
  return random.chance(0.15) ? `,"${random.pick(KEYS)}":${hostileJson(random, 3)}` : '';
}

/** Brackets within brackets, thousands deep, closed or not. */
export function depthBomb(random: RandomStream): string {
  const depth = random.pick([100, 5_000, 60_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"readings":', '}'],
    ['{"__proto__":', '}'],
  ] as const);
  const core = open.startsWith('{') ? '1' : '';
  return open.repeat(depth) + core + (random.chance(0.5) ? close.repeat(depth) : '');
}

function many(count: number, make: () => string): string {
  return Array.from({ length: count }, make).join(',');
}
