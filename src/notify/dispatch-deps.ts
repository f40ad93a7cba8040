import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import type { DbPool } from '../db/sql.ts';
import type { QuietHours } from '../domain/notification/quiet-hours.ts';
import type { SendingCaps } from '../domain/notification/sending-caps.ts';
import type { SmsGateway } from './sms-gateway.ts';

/** What recording the fate of texts needs. */
export interface NotifyDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}

/** When texts wait, and how many may leave. */
export interface SendingLimits {
  readonly quietHours?: QuietHours | undefined;
  readonly caps?: SendingCaps | undefined;
}

/** What sending them needs. */
export interface DispatchDeps extends NotifyDeps {
  readonly gateway: SmsGateway;
  /** Those that are tried, in this order, for what the first surely did not take. */
  readonly fallbacks?: readonly SmsGateway[] | undefined;
  /** What makes calls; left out where nobody can be called: then they leave as texts. */
  readonly voice?: SmsGateway | undefined;
  /** Where phones reach the service, without a slash at the end. */
  readonly publicBaseUrl: string;
  /** The key of short codes; without it none are given out, and texts can only carry links. */
  readonly codeKey?: Secret | undefined;
  /** Left out: nothing waits. */
  readonly limits?: SendingLimits | undefined;
}

/** Where a message leaves, and what is tried after that. */
export type Through = Pick<DispatchDeps, 'gateway' | 'fallbacks'>;

/** What became of a text in one run. `postponed` is tried or looked up again later; `held` waits by our own rules. */
export type TextFate = 'sent' | 'failed' | 'unknown' | 'muted' | 'postponed' | 'held';
