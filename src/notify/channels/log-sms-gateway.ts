import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { SendOutcome, SmsCapabilities, SmsGateway, SmsText } from '../sms-gateway.ts';
import { renderFreeText } from './render-free-text.ts';

/** A text that never left the machine. */
export interface KeptText {
  /** Counts the texts since the start, from 1. */
  readonly n: number;
  readonly to: string;
  readonly body: string;
  readonly at: Date;
}

export interface LogSmsGateway extends SmsGateway {
  /** The latest texts, the oldest first. */
  readonly texts: () => readonly KeptText[];
}

const KEPT = 1_000;
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
 * Stands in for a gateway and the phones behind it: keeps the latest thousand texts in memory for the phones page and
 * logs that there was one, without phone and wording. A restart empties it, and it cannot be asked afterwards.
 */
export function logSmsGateway({ clock, log }: { clock: Clock; log: Logger }): LogSmsGateway {
  const kept: KeptText[] = [];
  let count = 0;
  const send = (text: SmsText): Promise<SendOutcome> => {
    const rendering = renderFreeText(text);
    if (rendering.kind === 'refused') return Promise.resolve({ kind: 'rejected', cause: rendering.cause });
    const { to, body, intent } = text;
    count += 1;
    kept.push({ n: count, to, body, at: clock.now() });
    if (kept.length > KEPT) kept.shift();
    const { parts } = rendering;
    log.info({ intent, parts }, 'a text went to the phones page');
    return Promise.resolve({ kind: 'accepted', reference: randomUUID(), parts });
  };
  return { name: 'log', capabilities: CAPABILITIES, render: renderFreeText, send, texts: () => [...kept] };
}
