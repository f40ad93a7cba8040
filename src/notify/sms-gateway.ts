import type { FailureCause } from '../domain/notification/failure-cause.ts';
import type { Intent } from '../db/outbox.ts';

/** A text as it is handed to a gateway. Neither `to` nor `body` may reach a log. */
export interface SmsText {
  /** E.164. */
  readonly to: string;
  readonly body: string;
  readonly intent: Intent;
  /** Our number of this attempt. A gateway that can hands it back with its receipts, so that they find their text. */
  readonly deliveryId: number;
  /** After so many seconds the text is no use any more and must not arrive. */
  readonly validForS: number;
}

/** What became of handing a text over. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly reference: string; readonly parts: number }
  | { readonly kind: 'rejected'; readonly cause: FailureCause; readonly code?: string | undefined }
  /** The gateway took nothing and may take it later, after `afterMs` at the earliest. */
  | {
      readonly kind: 'retry';
      readonly cause: FailureCause;
      readonly afterMs: number;
      readonly code?: string | undefined;
    }
  /** The gateway may have taken it: looked up if it can be, and never simply repeated. */
  | { readonly kind: 'unknown' };

export interface SmsCapabilities {
  /** How the gateway reports on texts: it calls us, or not at all. */
  readonly receipts: 'push' | 'none';
  /** Whether it can be told until when a text is of use. */
  readonly validity: boolean;
}

/** The texts a gateway took for a phone since a time: the oldest first. */
export interface LookupQuery {
  readonly to: string;
  readonly since: Date;
}

/** Where texts leave the service. Implementations never throw: every fault is one of the outcomes. */
export interface SmsGateway {
  readonly name: string;
  readonly capabilities: SmsCapabilities;
  readonly send: (text: SmsText) => Promise<SendOutcome>;
  /** References of matching texts; undefined when the gateway did not answer. Left out where a gateway has no such thing. */
  readonly lookup?: (query: LookupQuery) => Promise<readonly string[] | undefined>;
}
