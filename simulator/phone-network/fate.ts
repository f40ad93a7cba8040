/**
 * How the network reports: as usual; all of it before it answers the one who sent; each report twice; the last first; on
 * each part of a long text by itself, of which one between others fails where the text does; nothing at all.
 */
export type Receipts = 'usual' | 'before_answer' | 'twice' | 'reversed' | 'per_part' | 'never';

/** What the network does with a text. */
export type Fate =
  | { readonly kind: 'deliver'; readonly receipts?: Receipts }
  /** Taken, handed to the carrier, and then it does not arrive. */
  | { readonly kind: 'undelivered'; readonly code: number; readonly receipts?: Receipts }
  | Trouble
  /** Taken and delivered, but the one who asked never hears of it. */
  | { readonly kind: 'hang' };

/** Of a call, parts there are none. */
type CallReceipts = Exclude<Receipts, 'per_part'> | undefined;

/** What becomes of a call that the network makes. */
export type DialledFate =
  /** Somebody picks up, and presses a key or none. */
  | { readonly kind: 'answer'; readonly key?: string; readonly receipts?: CallReceipts }
  | { readonly kind: 'no_answer' | 'busy' | 'canceled'; readonly receipts?: CallReceipts }
  /** The carrier cannot put it through, and may say why. */
  | { readonly kind: 'failed'; readonly sipCode?: number; readonly receipts?: CallReceipts };

/** What the network does with a call. */
export type CallFate =
  | DialledFate
  | Trouble
  /** Taken and answered, but the one who asked never hears of it. */
  | { readonly kind: 'hang'; readonly receipts?: CallReceipts };

/** What keeps a text or a call from being taken, or from being known to be. */
type Trouble =
  /** Refused at once, with Twilio's error code and an HTTP status. */
  | { readonly kind: 'reject'; readonly code: number; readonly httpStatus: number }
  /** 429: not taken. */
  | { readonly kind: 'overloaded' }
  /** A fault of the network's own, such as 503: not taken, unless it struck after that. */
  | { readonly kind: 'broken'; readonly httpStatus: number; readonly isTaken?: boolean }
  /** Not taken, and never answered either. */
  | { readonly kind: 'swallow' };

/** Scripts by phone: each text takes the next fate, the last one stays. Phones without a script meet the usual one. */
export class Fates<Each = Fate> {
  readonly #scripts = new Map<string, Each[]>();
  readonly #usual: Each;

  constructor(usual: Each) {
    this.#usual = usual;
  }

  script(phone: string, fates: readonly Each[]): void {
    this.#scripts.set(phone, [...fates]);
  }

  next(phone: string): Each {
    const script = this.#scripts.get(phone) ?? [];
    const [fate = this.#usual] = script;
    if (script.length > 1) script.shift();
    return fate;
  }
}
