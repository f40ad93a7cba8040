import { describe, expect, it } from 'vitest';
import { outcomeOfFault } from '../../../src/notify/channels/twilio-outcome.ts';

describe('what a refusal of Twilio means', () => {
  it.each([
    [400, 21_211, 'invalid_number'],
    [400, 21_614, 'not_mobile'],
    [400, 21_610, 'opted_out'],
    [400, 21_408, 'region_not_permitted'],
    [400, 21_608, 'recipient_not_verified'],
    [401, 20_003, 'account_refused'],
    [400, 99_999, 'refused'],
  ])('%i with code %i is %s', (status, code, cause) => {
    expect(outcomeOfFault({ status, code })).toEqual({ kind: 'rejected', cause, code: String(code) });
  });

  it('blames the account when it is turned away without a code', () => {
    expect(outcomeOfFault({ status: 401 })).toEqual({ kind: 'rejected', cause: 'account_refused', code: '401' });
  });
});

describe('what a fault of Twilio means', () => {
  it.each([
    [{ status: 429, code: 20_429 }, 'rate_limited'],
    [{ status: 503 }, 'gateway_unavailable'],
    [Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'not_connected'],
    [Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), 'not_connected'],
  ])('is tried again when nothing was taken: %j', (fault, cause) => {
    expect(outcomeOfFault(fault)).toMatchObject({ kind: 'retry', cause });
  });

  it.each([
    [{ status: 500, code: 20_500 }],
    [{ status: 502 }],
    [{ status: 504 }],
    [Object.assign(new Error('timeout of 10000ms exceeded'), { code: 'ECONNABORTED' })],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['something else'],
  ])('is never simply repeated when the text may have been taken: %j', (fault) => {
    expect(outcomeOfFault(fault)).toEqual({ kind: 'unknown' });
  });
});
