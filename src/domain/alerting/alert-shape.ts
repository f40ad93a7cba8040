import { MINUTE_MS } from '../time.ts';
import type { EscalationPolicy } from './escalation-policy.ts';
import type { Severity } from './finding.ts';
import { type Cause, OUTCOMES } from './outcome.ts';

export const ALERT_STATES = ['open', 'claimed', 'closed'] as const;
type AlertState = (typeof ALERT_STATES)[number];

/**
 * What can close an alert: a person's answer; readings that came late and show that it was never true; or water that
 * has been back for as long as the policy asks, where the policy lets that be enough.
 */
export const CLOSE_OUTCOMES = [...OUTCOMES, 'late_data', 'water_returned'] as const;
export type CloseOutcome = (typeof CLOSE_OUTCOMES)[number];

/** Somebody who has said that they are on the way, and when. */
export interface Acknowledgement {
  readonly by: number;
  readonly atMs: number;
}

/** The part of an alert that its rules decide on. */
export interface Alert {
  readonly state: AlertState;
  readonly severity: Severity;
  readonly policy: EscalationPolicy;
  /** The step taken last, counted from 0. */
  readonly step: number;
  /** When the next step is due; undefined only when closed. */
  readonly nextStepAt: Date | undefined;
  /** Since when water has been used again, as far as was noticed. */
  readonly recoveredAt: Date | undefined;
  /** Everybody who is on the way. They hold the next step back only when they are as many as the policy asks for. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** The last of them, where they are enough. */
  readonly claimedBy: number | undefined;
  readonly claimedAt: Date | undefined;
  /** Until when nobody else is to be asked; it always ends, and the alert speaks again. */
  readonly snoozedUntil: Date | undefined;
  readonly snoozedBy: number | undefined;
  /** When somebody contradicted its end. From then on only a person can end it. */
  readonly reopenedAt: Date | undefined;
  readonly closedAt: Date | undefined;
  readonly closeOutcome: CloseOutcome | undefined;
  readonly closeCause: Cause | undefined;
}

export interface ClosedBy {
  readonly outcome: CloseOutcome;
  readonly cause?: Cause | undefined;
}

/** The alert closed at `at`. Whatever held its next step back has no meaning any more. */
export function closed(alert: Alert, { outcome, cause }: ClosedBy, at: Date): Alert {
  return {
    ...unheld(alert),
    state: 'closed',
    nextStepAt: undefined,
    closedAt: at,
    closeOutcome: outcome,
    closeCause: cause,
  };
}

/** The alert without claim and snooze: nothing holds its next step back. */
export function unheld(alert: Alert): Alert {
  return {
    ...alert,
    state: 'open',
    acknowledgements: [],
    claimedBy: undefined,
    claimedAt: undefined,
    snoozedUntil: undefined,
    snoozedBy: undefined,
  };
}

/** The moment so many minutes after `at`. */
export function minutesLater(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE_MS);
}
