import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../simulator/phone-network/signature.ts';
import { Secret } from '../../../src/core/secret.ts';
import { statusCallbackUrl, twilioCallReader } from '../../../src/notify/channels/twilio-receipts.ts';

const BASE = 'https://water.example.org';
const SID = `SM${'0a'.repeat(16)}`;
const read = twilioCallReader({ authToken: new Secret('new token'), previousAuthToken: new Secret('old token') }, BASE);

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
