import { describe, expect, it } from 'vitest';
import { timeReader } from '../../../../src/ingest/decoders/telegram-time.ts';
import type { TimeMapping } from '../../../../src/ingest/decoders/telegram-mapping.ts';

const RECEIVED_AT = new Date('2026-11-23T12:00:00Z');
const read = (form: TimeMapping['form'], written: unknown, zone?: string) => {
  const time = timeReader({ form, zone })(written, RECEIVED_AT);
  return time.ok ? new Date(time.value).toISOString() : `${time.error.reason}: ${time.error.detail}`;
};

describe('a time in a telegram', () => {
  it.each([
    ['iso', '2026-11-23T19:00:00.123456789+08:00', '2026-11-23T11:00:00.123Z'],
    ['epoch_s', 1_795_431_600, '2026-11-23T11:00:00.000Z'],
    ['epoch_s', '1795431600.0019', '2026-11-23T11:00:00.001Z'],
    ['epoch_ms', 1_795_431_600_123.9, '2026-11-23T11:00:00.123Z'],
    ['epoch_ms', '1795431600123', '2026-11-23T11:00:00.123Z'],
  ] as const)('written as %s %s is %s', (form, written, moment) => {
    expect(read(form, written)).toBe(moment);
    expect(Number.isInteger(timeReader({ form })(written, RECEIVED_AT).ok && Date.parse(moment))).toBe(true);
  });

  it('is a whole number of milliseconds', () => {
    expect(timeReader({ form: 'epoch_s' })('1795431600.0019', RECEIVED_AT)).toEqual({
      ok: true,
      value: 1_795_431_600_001,
    });
  });

  it('that clocks on the wall show counts in their zone', () => {
    expect(read('local', '2026-11-23 19:00:00', 'Asia/Shanghai')).toBe('2026-11-23T11:00:00.000Z');
  });

  it('that may be either of two moments, or none, is refused', () => {
    expect(read('local', '2026-10-25 02:30:00', 'Europe/Vienna')).toBe(
      'schema_mismatch: the clocks of Europe/Vienna showed this twice',
    );
    expect(read('local', '2026-03-29 02:30:00', 'Europe/Vienna')).toMatch(/^schema_mismatch/);
  });

  it.each([
    ['iso', '2026-11-23T11:00:00', 'schema_mismatch'],
    ['iso', 1_795_431_600, 'schema_mismatch'],
    ['iso', undefined, 'schema_mismatch: missing'],
    ['local', 20_261_123_110_000, 'schema_mismatch'],
    ['epoch_s', '1e9', 'schema_mismatch'],
    ['epoch_s', '', 'schema_mismatch'],
    ['epoch_s', Number.POSITIVE_INFINITY, 'schema_mismatch'],
    ['epoch_s', 0, 'too_old'],
    ['epoch_s', -5, 'too_old'],
    ['epoch_s', 1_795_431_600_000, 'from_the_future'],
    ['epoch_ms', 1_795_431_600, 'too_old'],
    ['epoch_ms', 8.65e15, 'schema_mismatch'],
    ['epoch_ms', 1_795_431_600_000 + 12 * 3_600_000, 'from_the_future'],
  ] as const)('written as %s %s is refused as %s', (form, written, reason) => {
    expect(read(form, written)).toContain(reason);
  });
});
