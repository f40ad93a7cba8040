import type { Receipt } from './record-receipt.ts';
import type { InboundReply } from './record-reply.ts';

/** Reads what a gateway that does not sign its calls brings to its secret address. */
export interface GatewayCallbacks {
  /** Undefined where the gateway has no such thing. A call may bring many. */
  readonly receipts?: (body: unknown) => readonly Receipt[] | 'unreadable';
  readonly replies?: (body: unknown) => readonly InboundReply[] | 'unreadable';
  /** What the gateway expects to hear once all is stored. */
  readonly answer: { readonly contentType: string; readonly body: string };
}
