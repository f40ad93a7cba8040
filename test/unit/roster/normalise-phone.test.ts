import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisePhone } from '../../../src/roster/normalise-phone.ts';

describe('a phone as people write it', () => {
  it.each([
    '138-0013-8000',
    '+86 138 0013 8000',
    '１３８００１３８０００',
    '＋８６ １３８－００１３－８０００',
    '8613800138000',
    '+86 (138) 0013 8000',
    '0086 138 0013 8000',
  ])('is the same person when written %s', (text) => {
    expect(normalisePhone(text, ['CN'])).toBe('+8613800138000');
  });

  it.each([
    ['a landline', '010-12345678'],
    ['one digit short', '1380013800'],
    ['an extension', '13800138000 ext. 5'],
    ['a word', 'unknown'],
    ['a foreign mobile', '+43 664 1234567'],
    ['two numbers in one cell', '13800138000/13800138001'],
    ['a spreadsheet’s idea of a number', '1.38001E+10'],
  ])('is refused when it is %s', (_, text) => {
    expect(normalisePhone(text, ['CN'])).toBeUndefined();
  });

  it('may be foreign where that country is allowed, and needs its country code then', () => {
    expect(normalisePhone('+43 664 1234567', ['CN', 'AT'])).toBe('+436641234567');
    expect(normalisePhone('0664 1234567', ['CN', 'AT'])).toBeUndefined();
    expect(normalisePhone('0664 1234567', ['AT', 'CN'])).toBe('+436641234567');
  });

  it('comes out in a form the roster can store, or not at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+0-9 -]{5,16}$/)), (text) => {
        expect(normalisePhone(text, ['CN', 'US']) ?? '+8613800000000').toMatch(/^\+[1-9][0-9]{6,14}$/);
      }),
    );
  });

  it('stays the same when normalised again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (tail) => {
        const phone = normalisePhone(`138${String(tail).padStart(8, '0')}`, ['CN']);
        expect(phone).toBe(`+86138${String(tail).padStart(8, '0')}`);
        expect(phone && normalisePhone(phone, ['CN'])).toBe(phone);
      }),
    );
  });
});
