import { HOUR_MS } from '../time.ts';
import { type AreaPolicy, queueMs } from './area-policy.ts';

/** Why an alert waits. */
export type HoldCause = 'outage' | 'volume';

/** A hold that stands already. */
export interface StandingHold {
  readonly cause: HoldCause;
  readonly heldAt: Date;
  readonly heldUntil: Date;
}

/** What decides whether an alert is raised now. */
export interface Waiting {
  readonly tier: 1 | 2 | 3;
  /** Until when the outage or works of its area hold alerts back; undefined where none does, or none explains it. */
  readonly outageUntil: Date | undefined;
  readonly hold: StandingHold | undefined;
  /** Whether it is among those that may be raised in this hour. */
  readonly hasRoom: boolean;
  readonly isHoliday: boolean;
}

/**
 * Until when an alert waits and why, or undefined when it is to be raised now.
 *
 * An outage holds a home back once, and never for longer than `holdHours`, however many outages follow each other; what
 * comes out of it may then queue once, for as long as its tier bears. No deadline is ever moved on.
 */
export function decideHold(
  { tier, outageUntil, hold, hasRoom, isHoliday }: Waiting,
  at: Date,
  policy: AreaPolicy,
): { readonly cause: HoldCause; readonly until: Date } | undefined {
  if (outageUntil && hold?.cause !== 'volume') {
    const firstHeldMs = (hold?.heldAt ?? at).getTime();
    const untilMs = Math.min(outageUntil.getTime(), firstHeldMs + policy.holdHours * HOUR_MS);
    if (untilMs > at.getTime()) return { cause: 'outage', until: new Date(untilMs) };
  }
  if (hasRoom) return undefined;
  const queuedUntil =
    hold?.cause === 'volume' ? hold.heldUntil : new Date(at.getTime() + queueMs(policy, tier, isHoliday));
  return queuedUntil > at ? { cause: 'volume', until: queuedUntil } : undefined;
}
