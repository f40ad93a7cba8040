import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../simulator/phone-network/signature.ts';
import { Secret } from '../../../src/core/secret.ts';
import { statusCallbackUrl, twilioReaders } from '../../../src/notify/channels/twilio-receipts.ts';

const BASE = 'https://water.example.org';
const SID = `SM${'0a'.repeat(16)}`;
const tokens = { authToken: new Secret('new token'), previousAuthToken: new Secret('old token') };
const { status: read, inbound } = twilioReaders(tokens, BASE);

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
