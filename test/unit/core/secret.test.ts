import { format, inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';

const secret = new Secret('open sesame');

it('gives up its text only when asked for it by name', () => {
  expect(secret.reveal()).toBe('open sesame');
});

it.each([
  ['in a sentence', String(secret)],
  ['as JSON', JSON.stringify({ secret })],
  ['inspected', inspect({ secret }, { showHidden: true, depth: 5 })],
  ['formatted', format('%s %j %o', secret, secret, secret)],
  ['with its fields', JSON.stringify(Object.entries(secret))],
])('is not to be read %s', (_way, shown) => {
  expect(shown).not.toContain('sesame');
});
