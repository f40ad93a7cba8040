import { describe, expect, it } from 'vitest';
import {
  hashCheckCode,
  kindOfCheckCode,
  mintCheckCode,
  readCheckCode,
  showCheckCode,
  tokenOfCheckCode,
} from '../../../src/core/check-code.ts';
import { Secret } from '../../../src/core/secret.ts';

const KEY = new Secret('a key that is kept beside the database and not in it');

describe('a short code', () => {
  it('is eight letters and digits that nobody mistakes for each other, or six digits', () => {
    for (let i = 0; i < 200; i += 1) {
      expect(mintCheckCode('letters')).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
      expect(mintCheckCode('digits')).toMatch(/^\d{6}$/);
    }
  });

  it('uses the whole of its alphabet', () => {
    const letters = new Set(Array.from({ length: 500 }, () => mintCheckCode('letters').split('')).flat());
    expect(letters.size).toBe(32);
  });

  it.each([
    ['7k3m-9qxt', '7K3M9QXT'],
    [' 7K3M 9QXT ', '7K3M9QXT'],
    ['７Ｋ３Ｍ－９ＱＸＴ', '7K3M9QXT'],
    ['oil1-oooo', '01110000'],
    ['7K3M—9QXT.', '7K3M9QXT'],
  ])('is read kindly: %j', (typed, code) => {
    expect(readCheckCode(typed)).toBe(code);
  });

  it('is read back from the way texts show it', () => {
    const code = mintCheckCode('letters');
    expect(showCheckCode(code)).toMatch(/^\w{4}-\w{4}$/);
    expect(readCheckCode(showCheckCode(code))).toBe(code);
    expect(showCheckCode('123456')).toBe('123456');
  });

  it.each([
    ['7K3M9QXT', 'letters'],
    ['12345678', 'letters'],
    ['123456', 'digits'],
    ['12345', undefined],
    ['7K3M9QX', undefined],
    ['7K3M9QXU', undefined],
    ['', undefined],
  ])('is known by its form: %j', (code, kind) => {
    expect(kindOfCheckCode(code)).toBe(kind);
  });

  it('is kept under a key: with another one its hash and its link are others', () => {
    const other = new Secret('another key that is kept beside the database');
    expect(hashCheckCode(KEY, '7K3M9QXT')).toHaveLength(32);
    expect(hashCheckCode(KEY, '7K3M9QXT')).not.toEqual(hashCheckCode(other, '7K3M9QXT'));
    expect(tokenOfCheckCode(KEY, '7K3M9QXT', '+8613800000001')).toMatch(/^[\w-]{22}$/);
    expect(tokenOfCheckCode(KEY, '7K3M9QXT', '+8613800000001')).not.toBe(
      tokenOfCheckCode(KEY, '7K3M9QXT', '+8613800000002'),
    );
  });
});
