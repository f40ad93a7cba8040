import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { SendOutcome, SmsCapabilities, SmsGateway, SmsText } from '../sms-gateway.ts';
import { phonesInbox, type PhonesInbox } from './phones-inbox.ts';
import { renderFreeText } from './render-free-text.ts';

export interface LogSmsGateway extends SmsGateway, Pick<PhonesInbox, 'texts'> {}

export interface LogSmsGatewayOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Left out: one of its own. */
  readonly inbox?: PhonesInbox;
}

const CAPABILITIES: SmsCapabilities = {
  freeText: true,
  url: 'any',
  inbound: false,
  receipts: 'none',
  lookup: false,
  validity: false,
  longestVariable: undefined,
};

/**
 * Stands in for a gateway and the phones behind it: keeps the texts for the page that shows the phones and logs that there
 * was one, without phone and wording. It cannot be asked afterwards.
 */
export function logSmsGateway({ clock, log, inbox = phonesInbox({ clock }) }: LogSmsGatewayOptions): LogSmsGateway {
  const send = (text: SmsText): Promise<SendOutcome> => {
    const rendering = renderFreeText(text);
    if (rendering.kind === 'refused') return Promise.resolve({ kind: 'rejected', cause: rendering.cause });
    const { to, body, intent } = text;
    inbox.keep({ channel: 'sms', to, body });
    const { parts } = rendering;
    log.info({ intent, parts }, 'a text went to the phones page');
    return Promise.resolve({ kind: 'accepted', reference: randomUUID(), parts });
  };
  return {
    name: 'log',
    channel: 'sms',
    capabilities: CAPABILITIES,
    render: renderFreeText,
    send,
    texts: () => inbox.texts(),
  };
}
