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

it('tells what each of several addresses answered, where the error itself says nothing', () => {
  const refusals = new AggregateError([
    new Error('connect ECONNREFUSED ::1:5432'),
    new Error('connect ECONNREFUSED 127.0.0.1:5432'),
  ]);

  expect(messageOf(refusals)).toBe('connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432');
});
