import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../simulator/phone-network/signature.ts';
import { Secret } from '../../../src/core/secret.ts';
import { keyPressUrl } from '../../../src/notify/channels/twilio-key-press.ts';
import { statusCallbackUrl, twilioReaders } from '../../../src/notify/channels/twilio-receipts.ts';

const BASE = 'https://water.example.org';
const SID = `SM${'0a'.repeat(16)}`;
const tokens = { authToken: new Secret('new token'), previousAuthToken: new Secret('old token') };
const { status: read, inbound, key } = twilioReaders(tokens, BASE);

function call(form: Record<string, string>, token = 'new token') {
  return { deliveryId: 7, form, signature: signatureOf(token, statusCallbackUrl(BASE, 7), form) };
}

describe("Twilio's calls", () => {
  it('are read into receipts that find their text', () => {
    expect(read(call({ MessageSid: SID, MessageStatus: 'delivered' }))).toEqual({
      gateway: 'twilio',
      reference: SID,
      status: 'delivered',
      deliveryId: 7,
    });
  });

  it('tell why a text did not arrive', () => {
    expect(read(call({ MessageSid: SID, MessageStatus: 'undelivered', ErrorCode: '30005' }))).toMatchObject({
      status: 'undelivered',
      cause: 'unknown_handset',
      code: '30005',
    });
  });

  it('are believed under the old auth token while it is being changed', () => {
    const form = { MessageSid: SID, MessageStatus: 'sent' };

    expect(read(call(form, 'old token'))).toMatchObject({ status: 'sent' });
    expect(read(call(form, 'older token'))).toBe('forged');
  });

  it('are forged when anything in them was changed', () => {
    const genuine = call({ MessageSid: SID, MessageStatus: 'undelivered' });

    expect(read({ ...genuine, form: { ...genuine.form, MessageStatus: 'delivered' } })).toBe('forged');
    expect(read({ ...genuine, deliveryId: 8 })).toBe('forged');
    expect(read({ ...genuine, signature: '' })).toBe('forged');
  });

  it('are passed over when they speak of a state that is new to us, or of no message', () => {
    expect(read(call({ MessageSid: SID, MessageStatus: 'teleported' }))).toBe('ignored');
    expect(read(call({ MessageStatus: 'delivered' }))).toBe('ignored');
  });
});

describe("Twilio's word on a call", () => {
  const CALL = `CA${'0b'.repeat(16)}`;
  const told = (CallStatus: string, more: Record<string, string> = {}) =>
    read(call({ CallSid: CALL, CallStatus, To: '+8613800000001', ...more }));

  it.each([
    ['initiated', { status: 'accepted' }],
    ['ringing', { status: 'accepted' }],
    ['in-progress', { status: 'sent' }],
    ['completed', { status: 'delivered' }],
    ['no-answer', { status: 'undelivered', cause: 'not_answered' }],
    ['busy', { status: 'undelivered', cause: 'line_busy' }],
    ['canceled', { status: 'undelivered', cause: 'refused' }],
    ['failed', { status: 'undelivered', cause: 'unreachable' }],
  ])('is read into a receipt that finds it: %s', (word, fate) => {
    expect(told(word)).toEqual({ gateway: 'twilio-voice', reference: CALL, deliveryId: 7, ...fate });
  });

  it('tells by the answer of the carrier whether the number is at fault', () => {
    expect(told('failed', { SipResponseCode: '404' })).toMatchObject({ cause: 'unknown_handset', code: 'sip 404' });
    expect(told('failed', { SipResponseCode: '503' })).toMatchObject({ cause: 'unreachable', code: 'sip 503' });
    expect(told('completed', { SipResponseCode: '200' })).not.toHaveProperty('code');
  });

  it('is passed over when it is new to us', () => {
    expect(told('transferred')).toBe('ignored');
  });

  const pressed = (form: Record<string, string>, { token = 'new token', deliveryId = 7 } = {}) =>
    key({ deliveryId, form, signature: signatureOf(token, keyPressUrl(BASE, 7), form) });
  const ONE = { CallSid: CALL, To: '+8613800000001', Digits: '1' };

  it('brings a key, from Twilio alone', () => {
    const press = { gateway: 'twilio-voice', reference: CALL, deliveryId: 7, to: '+8613800000001', keys: '1' };
    expect(pressed(ONE)).toEqual(press);
    expect(pressed(ONE, { token: 'old token' })).toEqual(press);
    expect(pressed(ONE, { token: 'older token' })).toBe('forged');
    expect(pressed(ONE, { deliveryId: 8 })).toBe('forged');
    expect(pressed({ CallSid: CALL, To: '+8613800000001' })).toBe('ignored');
  });
});

describe('a reply through Twilio', () => {
  const reply = (form: Record<string, string>, token = 'new token') =>
    inbound({ form, signature: signatureOf(token, `${BASE}/webhooks/twilio/inbound`, form) });
  const form = { MessageSid: SID, From: '+8613800000001', Body: 'yes in 2 hours' };

  it('is read whole', () => {
    const read = { gateway: 'twilio', reference: SID, from: '+8613800000001', body: 'yes in 2 hours' };
    expect(reply(form)).toEqual(read);
    expect(reply(form, 'old token')).toEqual(read);
  });

  it('is forged without the right signature', () => {
    expect(reply(form, 'older token')).toBe('forged');
    expect(inbound({ form, signature: '' })).toBe('forged');
  });

  it('is a STOP when Twilio took it for one, in whatever words', () => {
    expect(reply({ ...form, Body: 'no more please', OptOutType: 'STOP' })).toMatchObject({ body: 'STOP' });
    expect(reply({ ...form, Body: 'HELP', OptOutType: 'HELP' })).toMatchObject({ body: 'HELP' });
  });
});
