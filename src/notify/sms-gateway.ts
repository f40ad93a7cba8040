import type { ReceiptStatus } from '../domain/notification/delivery-status.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
import type { Channel } from '../domain/alerting/channel.ts';
import type { Intent } from '../db/outbox.ts';
import type { Language } from '../domain/language.ts';

/** What a text says, or a call, before a gateway gives it the form of its route. */
export interface TextContent {
  readonly intent: Intent;
  readonly language: Language;
  /** Whether one text speaks of several homes. */
  readonly isBundle: boolean;
  /** The whole text, for routes that take any; what is read out, for a call. */
  readonly body: string;
  /** Its parts by name, for routes that only fill in templates that were reviewed. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A text as it is handed to a gateway. Neither `to` nor what it says may reach a log. */
export interface SmsText extends TextContent {
  /** E.164. */
  readonly to: string;
  /** Our number of this attempt. A gateway that can hands it back with its receipts, so that they find their text. */
  readonly deliveryId: number;
  /** After so many seconds the text is no use any more and must not arrive. */
  readonly validForS: number;
}

/** What a route makes of a text, found out on this machine: a form it would take, or why it would not. */
export type Rendering =
  | { readonly kind: 'free'; readonly body: string; readonly parts: number }
  | {
      readonly kind: 'template';
      readonly template: string;
      readonly variables: Readonly<Record<string, string>>;
      readonly parts: number;
    }
  /** `detail` is for the operator: it names the variable or the limit, and quotes nothing. */
  | { readonly kind: 'refused'; readonly cause: FailureCause; readonly detail: string };

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
  /** Whether any text may be sent, or only templates that the provider reviewed. */
  readonly freeText: boolean;
  /** Which addresses a text may carry: none, the one that was filed, or any. Where it is not any, a code stands in. */
  readonly url: 'none' | 'fixed' | 'any';
  /** Whether replies come back. */
  readonly inbound: boolean;
  /** How the gateway reports on texts: it calls us, or not at all. */
  readonly receipts: 'push' | 'none';
  /** Whether it can be asked afterwards what became of a text of unknown fate. */
  readonly lookup: boolean;
  /** Whether it can be told until when a text is of use. */
  readonly validity: boolean;
  /** The longest variable of a template, in letters; undefined where there is no such limit. */
  readonly longestVariable: number | undefined;
}

/** The texts a gateway took for a phone since a time: the oldest first. */
export interface LookupQuery {
  /** Our number of the attempt, for gateways that keep it. */
  readonly deliveryId: number;
  readonly to: string;
  readonly since: Date;
}

/** A text that a gateway took, of which nothing was heard since. */
export interface FateQuery extends LookupQuery {
  /** How the gateway calls it. */
  readonly reference: string;
}

/** What a gateway says of a text when it is asked. */
export interface ToldFate {
  readonly status: ReceiptStatus;
  readonly cause?: FailureCause | undefined;
  /** The gateway's own code of a failure. */
  readonly code?: string | undefined;
}

/** Where texts, or calls, leave the service. Implementations never throw: every fault is one of the outcomes. */
export interface SmsGateway {
  readonly name: string;
  /** What it brings to people: a call is handed over, looked up and reported on as a text is. */
  readonly channel: Channel;
  readonly capabilities: SmsCapabilities;
  /** Pure. A text that is refused here would be refused by the provider: it is not sent. */
  readonly render: (content: TextContent) => Rendering;
  /** Hands a text over; one that `render` refuses is rejected before anything goes over the network. */
  readonly send: (text: SmsText) => Promise<SendOutcome>;
  /** References of matching texts; undefined when the gateway did not answer. Left out where a gateway has no such thing. */
  readonly lookup?: (query: LookupQuery) => Promise<readonly string[] | undefined>;
  /** What became of a text it took; undefined when it does not know or did not answer. Left out where it cannot be asked. */
  readonly fateOf?: (query: FateQuery) => Promise<ToldFate | undefined>;
}
