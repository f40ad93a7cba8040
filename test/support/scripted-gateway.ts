import { renderFreeText } from '../../src/notify/channels/render-free-text.ts';
import type { SendOutcome, SmsGateway, SmsText } from '../../src/notify/sms-gateway.ts';

export interface ScriptedGateway extends SmsGateway {
  readonly sent: SmsText[];
}

export interface GatewayScript {
  /** What becomes of a text; left out, it is taken. */
  readonly outcome?: (text: SmsText, n: number) => SendOutcome | Promise<SendOutcome>;
  readonly lookup?: NonNullable<SmsGateway['lookup']>;
}

/** A gateway without phones: it remembers what it was handed and answers as told. */
export function scriptedGateway({ outcome, lookup }: GatewayScript = {}): ScriptedGateway {
  const sent: SmsText[] = [];
  return {
    name: 'scripted',
    channel: 'sms',
    capabilities: {
      freeText: true,
      url: 'any',
      inbound: false,
      receipts: 'push',
      lookup: lookup !== undefined,
      validity: true,
      longestVariable: undefined,
    },
    render: renderFreeText,
    sent,
    send: async (text) => {
      sent.push(text);
      return (await outcome?.(text, sent.length)) ?? { kind: 'accepted', reference: referenceOf(text), parts: 1 };
    },
    ...(lookup ? { lookup } : {}),
  };
}

/** How the scripted gateway calls a text. */
export function referenceOf({ deliveryId }: Pick<SmsText, 'deliveryId'>): string {
  return `ref-${deliveryId}`;
}
