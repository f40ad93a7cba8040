import { expect, it } from 'vitest';
import { err, ok } from '../../../src/core/result.ts';

it('is one or the other', () => {
  expect(ok(5)).toEqual({ ok: true, value: 5 });
  expect(err('not JSON')).toEqual({ ok: false, error: 'not JSON' });
});
