import { describe, expect, it } from 'vitest';
import {
  attemptWindowOf,
  isWholePhone,
  namesPhone,
  networkOf,
  readPhoneDigits,
} from '../../../src/domain/alerting/code-limits.ts';

const PHONE = '+8613800130017';

describe('the digits of a phone beside a code', () => {
  it.each([
    ['0017', '0017'],
    ['00 17', '0017'],
    ['００１７', '0017'],
    ['+86 138-0013-0017', '8613800130017'],
    ['0138 0013 0017', '13800130017'],
    ['0086 13800130017', '8613800130017'],
    ['none', ''],
  ])('are read kindly: %j', (typed, digits) => {
    expect(readPhoneDigits(typed)).toBe(digits);
  });

  it('must be the last four at least for a code of letters', () => {
    expect(['0017', '30017', '13800130017', '8613800130017'].every((it) => namesPhone(it, PHONE, 'letters'))).toBe(
      true,
    );
    expect(['', '7', '017', '0018', '1380'].some((it) => namesPhone(it, PHONE, 'letters'))).toBe(false);
  });

  it('must be the whole number for a code of digits alone, with or without the country', () => {
    expect(['13800130017', '8613800130017'].every((it) => namesPhone(it, PHONE, 'digits'))).toBe(true);
    expect(['0017', '3800130', '130017', '800130017'].some((it) => namesPhone(it, PHONE, 'digits'))).toBe(false);
  });

  it('tell a whole number from its end', () => {
    expect([isWholePhone('0017'), isWholePhone('13800130017')]).toEqual([false, true]);
  });
});

describe('where an attempt comes from', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('is one subscriber, however many addresses they have: %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('the window in which attempts are counted together', () => {
  it('begins at a whole ten minutes', () => {
    expect(attemptWindowOf(new Date('2026-03-02T08:19:59.999Z'))).toEqual(new Date('2026-03-02T08:10:00Z'));
    expect(attemptWindowOf(new Date('2026-03-02T08:20:00Z'))).toEqual(new Date('2026-03-02T08:20:00Z'));
  });
});
