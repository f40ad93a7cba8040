import { MINUTE_MS } from '../time.ts';
import { delayAfterStepMs, type EscalationPolicy } from './escalation-policy.ts';
import { graver, type Severity } from './finding.ts';
import { type Cause, type Outcome, settles } from './outcome.ts';

export const ALERT_STATES = ['open', 'claimed', 'closed'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What can close an alert: a person's answer, or readings that came late and show it was never true. */
export type CloseOutcome = Outcome | 'late_data';

/** The part of an alert that its rules decide on. */
export interface Alert {
  readonly state: AlertState;
  readonly severity: Severity;
  readonly policy: EscalationPolicy;
  /** The step taken last, counted from 0. */
  readonly step: number;
  /** When the next step is due; undefined only when closed. */
  readonly nextStepAt: Date | undefined;
  /** Since when water has been used again. It closes nothing: somebody must still look. */
  readonly recoveredAt: Date | undefined;
  readonly claimedBy: string | undefined;
  readonly claimedAt: Date | undefined;
  readonly closedAt: Date | undefined;
  readonly closeOutcome: CloseOutcome | undefined;
  readonly closeCause: Cause | undefined;
}

export type AlertEvent =
  | { readonly type: 'finding_joined'; readonly severity: Severity }
  | { readonly type: 'escalated' }
  | { readonly type: 'claimed'; readonly by: string }
  | { readonly type: 'recovered' }
  | { readonly type: 'relapsed' }
  | { readonly type: 'verified'; readonly outcome: Outcome; readonly cause: Cause | undefined }
  | { readonly type: 'withdrawn' };

/** A new alert: its first step is taken at once. */
export function openAlert(policy: EscalationPolicy, severity: Severity, at: Date): Alert {
  return {
    state: 'open',
    severity,
    policy,
    step: 0,
    nextStepAt: later(at, delayAfterStepMs(policy, 0)),
    recoveredAt: undefined,
    claimedBy: undefined,
    claimedAt: undefined,
    closedAt: undefined,
    closeOutcome: undefined,
    closeCause: undefined,
  };
}

/** The alert after `event`, or undefined when its state refuses it. A closed alert refuses everything. */
export function transition(alert: Alert, event: AlertEvent, at: Date): Alert | undefined {
  if (alert.state === 'closed') return undefined;
  switch (event.type) {
    case 'finding_joined':
      return { ...alert, severity: graver(alert.severity, event.severity), recoveredAt: undefined };
    case 'escalated':
      return escalated(alert, at);
    case 'claimed':
      return claimed(alert, event.by, at);
    case 'recovered':
      return alert.recoveredAt ? undefined : { ...alert, recoveredAt: at };
    case 'relapsed':
      return alert.recoveredAt ? { ...alert, recoveredAt: undefined } : undefined;
    case 'verified':
      return verified(alert, event.outcome, event.cause, at);
    case 'withdrawn':
      return closed(alert, 'late_data', undefined, at);
  }
}

/** Taking a step ends a claim: whoever was on the way has not answered in time. */
function escalated(alert: Alert, at: Date): Alert | undefined {
  if (!alert.nextStepAt || alert.nextStepAt > at) return undefined;
  const step = alert.step + 1;
  return { ...unclaimed(alert), step, nextStepAt: later(at, delayAfterStepMs(alert.policy, step)) };
}

/** A claim holds the next step back until it lapses. An emergency is not held back by anybody's being on the way. */
function claimed(alert: Alert, by: string, at: Date): Alert | undefined {
  if (alert.severity === 'emergency') return undefined;
  if (alert.claimedBy === by) return undefined;
  const nextStepAt = later(at, alert.policy.claimLapsesAfterMinutes * MINUTE_MS);
  return { ...alert, state: 'claimed', claimedBy: by, claimedAt: at, nextStepAt };
}

function verified(alert: Alert, outcome: Outcome, cause: Cause | undefined, at: Date): Alert {
  if (settles(outcome)) return closed(alert, outcome, cause, at);
  const severity = outcome === 'needs_help' ? 'emergency' : alert.severity;
  return { ...unclaimed(alert), severity, nextStepAt: at };
}

function closed(alert: Alert, outcome: CloseOutcome, cause: Cause | undefined, at: Date): Alert {
  return {
    ...unclaimed(alert),
    state: 'closed',
    nextStepAt: undefined,
    closedAt: at,
    closeOutcome: outcome,
    closeCause: cause,
  };
}

function unclaimed(alert: Alert): Alert {
  return { ...alert, state: 'open', claimedBy: undefined, claimedAt: undefined };
}

function later(at: Date, byMs: number): Date {
  return new Date(at.getTime() + byMs);
}
