import { expect, it } from 'vitest';
import { hashToken, mintToken } from '../../../src/core/link-token.ts';

it('is new every time, fits into an address and cannot be guessed', () => {
  const tokens = Array.from({ length: 1_000 }, mintToken);

  expect(new Set(tokens).size).toBe(1_000);
  expect(tokens.every((token) => /^[A-Za-z0-9_-]{22}$/.test(token))).toBe(true);
});

it('is known again by what is kept of it, which does not contain it', () => {
  const token = mintToken();

  expect(hashToken(token)).toEqual(hashToken(token));
  expect(hashToken('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(hashToken(token)).not.toEqual(hashToken(mintToken()));
  expect(hashToken(token).toString('base64url')).not.toContain(token);
});
