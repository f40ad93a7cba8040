import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, retryDelayMs } from '../../../../src/domain/notification/retry.ts';

describe('the wait before a text is tried again', () => {
  it('doubles with each attempt, and ends when the text has been tried often enough', () => {
    const waits = [1, 2, 3, 4, 5, MAX_ATTEMPTS].map((attempts) => retryDelayMs(attempts, 'gateway_unavailable'));

    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, undefined]);
  });

  it('is never shorter than the gateway asked for', () => {
    expect(retryDelayMs(1, 'rate_limited', 30_000)).toBe(30_000);
  });

  it('has no end while the account is refused, and no pause longer than ten minutes', () => {
    expect(retryDelayMs(500, 'account_suspended')).toBe(600_000);
  });

  it('does not come for a number that can never be reached', () => {
    expect(retryDelayMs(1, 'invalid_number')).toBeUndefined();
  });
});
