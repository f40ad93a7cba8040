import type { Severity } from './finding.ts';
import type { Cause, Outcome } from './outcome.ts';

/** Everything that can happen to an alert. */
export type AlertEvent =
  | { readonly type: 'finding_joined'; readonly severity: Severity }
  | { readonly type: 'escalated' }
  | { readonly type: 'claimed'; readonly by: number }
  | SnoozedEvent
  | { readonly type: 'recovered' }
  | { readonly type: 'relapsed' }
  | { readonly type: 'water_returned' }
  | VerifiedEvent
  | CorrectedEvent
  | ReopenedEvent
  | { readonly type: 'withdrawn' };

export interface SnoozedEvent {
  readonly type: 'snoozed';
  readonly by: number;
  readonly until: Date;
}

export interface VerifiedEvent {
  readonly type: 'verified';
  readonly outcome: Outcome;
  readonly cause: Cause | undefined;
  /** Whether this person's word can end an emergency: the desk's can, and that of whoever reported it. */
  readonly mayEndEmergency: boolean;
}

/** Somebody takes their own answer back and gives another. */
export interface CorrectedEvent extends Omit<VerifiedEvent, 'type'> {
  readonly type: 'corrected';
  /** What they had answered. */
  readonly was: Outcome;
  /** When they had answered first: the time to correct runs from there. */
  readonly answeredAt: Date;
  /** Whether it was that answer that closed the alert. */
  readonly closedIt: boolean;
  /** How grave the alert is without their word. */
  readonly severityWithout: Severity;
}

/** Somebody contradicts the end of an alert: help is needed after all, or they cannot find the person. */
export interface ReopenedEvent {
  readonly type: 'reopened';
  readonly needsHelp: boolean;
}
