import { randomUUID } from 'node:crypto';
import type { Logger } from '../../core/logger.ts';
import type { SendOutcome, SmsGateway, SmsText } from '../sms-gateway.ts';
import type { PhonesInbox } from './phones-inbox.ts';
import { CALL_CAPABILITIES, renderCall } from './render-call.ts';

/** Stands in for the calls as the log driver does for the texts: what would be said is shown, and nobody is called. */
export function logVoiceGateway({ log, inbox }: { readonly log: Logger; readonly inbox: PhonesInbox }): SmsGateway {
  const send = (text: SmsText): Promise<SendOutcome> => {
    const rendering = renderCall(text);
    if (rendering.kind === 'refused') return Promise.resolve({ kind: 'rejected', cause: rendering.cause });
    const { to, body, intent } = text;
    inbox.keep({ channel: 'voice', to, body });
    log.info({ intent }, 'a call went to the phones page');
    return Promise.resolve({ kind: 'accepted', reference: randomUUID(), parts: 1 });
  };
  return {
    name: 'log-voice',
    channel: 'voice',
    capabilities: { ...CALL_CAPABILITIES, inbound: false, receipts: 'none', lookup: false },
    render: renderCall,
    send,
  };
}
