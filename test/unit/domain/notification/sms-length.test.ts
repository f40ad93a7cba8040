import { describe, expect, it } from 'vitest';
import { smsLength } from '../../../../src/domain/notification/sms-length.ts';

describe('the length of a text on air', () => {
  it('has room for 160 plain letters in one part, and for 153 in each of more', () => {
    expect(smsLength('a'.repeat(160))).toEqual({ encoding: 'gsm7', units: 160, parts: 1 });
    expect(smsLength('a'.repeat(161))).toMatchObject({ parts: 2 });
    expect(smsLength('a'.repeat(307))).toMatchObject({ parts: 3 });
  });

  it('counts a euro sign twice', () => {
    expect(smsLength('€')).toEqual({ encoding: 'gsm7', units: 2, parts: 1 });
  });

  it('has room for 70 letters when one of them is Chinese, and for 67 in each of more parts', () => {
    expect(smsLength('水'.repeat(70))).toEqual({ encoding: 'ucs2', units: 70, parts: 1 });
    expect(smsLength(`${'a'.repeat(70)}水`)).toEqual({ encoding: 'ucs2', units: 71, parts: 2 });
    expect(smsLength('水'.repeat(135))).toMatchObject({ parts: 3 });
  });
});
