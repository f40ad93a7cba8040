import { expect, it } from 'vitest';
import { AppError, messageOf } from '../../../src/core/errors.ts';

it('keeps what a person may read apart from what the log may know', () => {
  const cause = new Error('relation "alert" does not exist');
  const error = new AppError('alert_not_found', 'alert 12 does not exist', { publicMessage: 'Not found', cause });

  expect(error).toMatchObject({ code: 'alert_not_found', publicMessage: 'Not found', retryable: false, cause });
  expect(String(error)).toBe('AppError: alert 12 does not exist');
});

it('finds a sentence in whatever was thrown', () => {
  expect([messageOf(new Error('the broker is away')), messageOf('no'), messageOf(undefined)]).toEqual([
    'the broker is away',
    'no',
    'undefined',
  ]);
});
