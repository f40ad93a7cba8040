import { describe, expect, it } from 'vitest';
import { parseDecoderFile } from '../../../src/config/decoder-file.ts';
import { AppError } from '../../../src/core/errors.ts';
import { METER_FLAGS } from '../../../src/domain/metering/meter-flag.ts';
import { VOLUME_UNITS } from '../../../src/domain/metering/volume.ts';
import { FORMAT_NAMES } from '../../../src/ingest/decoders/decoders.ts';

const parse = (file: unknown) => parseDecoderFile(JSON.stringify(file), 'decoders.json');
const MAPPING = {
  name: 'daily upload',
  topic: 'daily/{serial}',
  time: { path: 'at', form: 'iso' },
  register: { path: 'litres', unit: 'l' },
};
const mapping = (change: object) => ({ mappings: [{ ...MAPPING, ...change }] });

describe('a decoder file', () => {
  it('may be empty, or say everything', () => {
    expect(parse({})).toEqual({});
    expect(
      parse({
        formats: ['native', 'rtlamr'],
        mappings: [
          {
            ...MAPPING,
            topic: 'plant/{sender}/{any}/{serial}',
            serial: 'device.ids[0].sn',
            lowerCaseSerial: true,
            sequence: 'n',
            time: { path: 't', form: 'local', zone: 'Asia/Shanghai' },
            register: { path: 'total', unit: 'us_gal', scale: 0.1 },
            readings: 'log.rows[*]',
            deltas: {
              path: 'hours',
              unit: 'ml',
              scale: '10',
              stepSeconds: 3600,
              registerIs: 'after',
              order: 'newest-first',
            },
            status: [
              { path: 'alarm', words: { leaking: 'leak' } },
              { path: 'bits', bits: { '31': 'tamper' } },
            ],
          },
        ],
        lorawan: [{ profile: 'Ultrasonic 4', register: { path: 'v', unit: 'm3' } }],
        rtlamr: [{ meter: '1550256001', type: 'R900', unit: 'us_gal', scale: '0.1' }],
      }),
    ).toMatchObject({ mappings: [{ readings: 'log.rows', register: { scale: '0.1' } }] });
  });

  it.each([
    ['a typing error', { mapings: [] }, 'mapings'],
    ['a format that does not exist', { formats: ['nativ'] }, 'at formats[0]'],
    ['a unit that does not exist', mapping({ register: { path: 'a', unit: 'gal' } }), 'at mappings[0].register.unit'],
    ['a path that is none', mapping({ register: { path: 'a..b', unit: 'l' } }), 'not a path'],
    ['a path into every entry', mapping({ register: { path: 'a[*].b', unit: 'l' } }), 'not a path'],
    ['a path that never ends', mapping({ register: { path: 'a.'.repeat(20) + 'a', unit: 'l' } }), 'not a path'],
    ['a scale with an exponent', mapping({ register: { path: 'a', unit: 'l', scale: '1e3' } }), 'not a decimal above'],
    ['a scale of nothing', mapping({ register: { path: 'a', unit: 'l', scale: 0 } }), 'not a decimal above zero'],
    ['a local time without a zone', mapping({ time: { path: 'a', form: 'local' } }), 'a local time needs a zone'],
    ['a zone that nobody reads', mapping({ time: { path: 'a', form: 'iso', zone: 'UTC' } }), 'no other has one'],
    ['a zone on Mars', mapping({ time: { path: 'a', form: 'local', zone: 'Mars' } }), 'not an IANA time zone'],
    ['no time', { mappings: [{ ...MAPPING, time: undefined }] }, 'at mappings[0].time'],
    ['a wildcard', mapping({ topic: 'daily/+/{serial}' }), 'not a topic'],
    ['a part of a level', mapping({ topic: 'daily/wm-{serial}' }), 'not a topic'],
    ['two serials', mapping({ topic: '{serial}/{serial}' }), 'not a topic'],
    ['a topic of the broker itself', mapping({ topic: '$SYS/{serial}' }), 'not a topic'],
    ['a meter that nobody names', mapping({ topic: 'daily/{sender}' }), 'say where the payload names the meter'],
    ['a sender that nobody names', mapping({ topic: 'daily', serial: 'id' }), 'give the sender a name'],
    [
      'two mappings of one topic',
      { mappings: [MAPPING, { ...MAPPING, name: 'b', topic: 'daily/{any}', sender: 's', serial: 'i' }] },
      'the same topic',
    ],
    ['two mappings of one name', { mappings: [MAPPING, { ...MAPPING, topic: 'b/{serial}' }] }, 'the same name'],
    ['a status without meanings', mapping({ status: [{ path: 'a' }] }), 'either words or bits'],
    ['a bit beyond the last', mapping({ status: [{ path: 'a', bits: { '32': 'leak' } }] }), 'not the number of a bit'],
    [
      'a meaning that does not exist',
      mapping({ status: [{ path: 'a', words: { x: 'flood' } }] }),
      'at mappings[0].status',
    ],
    [
      'a step of no time',
      mapping({ deltas: { path: 'a', unit: 'l', stepSeconds: 0, registerIs: 'after', order: 'oldest-first' } }),
      'stepSeconds',
    ],
  ])('is refused for %s, and says where', (_what, file, complaint) => {
    expect(() => parse(file)).toThrow(complaint);
  });

  it('is refused with all its mistakes at once, with its name', () => {
    const wrong = parseError({ formats: ['x'], rtlamr: [{ unit: 'y' }], lorawan: [{}] });
    expect(wrong).toBeInstanceOf(AppError);
    expect(wrong.message).toMatch(/^decoders\.json:\n/);
    for (const place of ['formats[0]', 'rtlamr[0].unit', 'lorawan[0].register']) expect(wrong.message).toContain(place);
  });

  it('is refused when it is not JSON', () => {
    expect(() => parseDecoderFile('formats:\n', 'decoders.json')).toThrow('decoders.json is not JSON');
  });

  it('takes a path that is made to hang a matcher in no time', () => {
    const startedAt = performance.now();
    expect(() => parse(mapping({ serial: `${'a'.repeat(100_000)}[` }))).toThrow('not a path');
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('knows all units, flags and formats that the program knows', () => {
    for (const unit of VOLUME_UNITS) expect(() => parse({ rtlamr: [{ unit }] })).not.toThrow();
    for (const flag of METER_FLAGS) {
      expect(() => parse(mapping({ status: [{ path: 'a', words: { b: flag } }] }))).not.toThrow();
    }
    expect(parse({ formats: FORMAT_NAMES })).toEqual({ formats: FORMAT_NAMES });
  });
});

function parseError(file: unknown): Error {
  try {
    parse(file);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was not refused');
}
