import { MINUTE_MS } from '../time.ts';
import { delayAfterStepMs, type EscalationPolicy, lastStepOf } from './escalation-policy.ts';
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
  /** The person who said they were on the way. */
  readonly claimedBy: number | undefined;
  readonly claimedAt: Date | undefined;
  readonly closedAt: Date | undefined;
  readonly closeOutcome: CloseOutcome | undefined;
  readonly closeCause: Cause | undefined;
}

export type AlertEvent =
  | { readonly type: 'finding_joined'; readonly severity: Severity }
  | { readonly type: 'escalated' }
  | { readonly type: 'claimed'; readonly by: number }
  | { readonly type: 'recovered' }
  | { readonly type: 'relapsed' }
  | VerifiedEvent
  | { readonly type: 'withdrawn' };

export interface VerifiedEvent {
  readonly type: 'verified';
  readonly outcome: Outcome;
  readonly cause: Cause | undefined;
  /** Whether this person's word can end an emergency: the desk's can, and that of whoever reported it. */
  readonly mayEndEmergency: boolean;
}

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
      return verified(alert, event, at);
    case 'withdrawn':
      // What a person saw stands, whatever the readings say.
      return alert.severity === 'emergency' ? undefined : closed(alert, 'late_data', undefined, at);
  }
}

/** Taking a step ends a claim: whoever was on the way has not answered in time. */
function escalated(alert: Alert, at: Date): Alert | undefined {
  if (!alert.nextStepAt || alert.nextStepAt > at) return undefined;
  const step = alert.step + 1;
  return { ...unclaimed(alert), step, nextStepAt: later(at, delayAfterStepMs(alert.policy, step)) };
}

/**
 * A claim holds the next step back until it lapses. One that takes over from another does not hold it back any longer,
 * or two people could keep everybody else from being asked. An emergency is not held back by anybody's being on the way.
 */
function claimed(alert: Alert, by: number, at: Date): Alert | undefined {
  if (alert.severity === 'emergency') return undefined;
  if (alert.claimedBy === by) return undefined;
  const lapsesAt = later(at, alert.policy.claimLapsesAfterMinutes * MINUTE_MS);
  const nextStepAt = alert.state === 'claimed' ? alert.nextStepAt : lapsesAt;
  return { ...alert, state: 'claimed', claimedBy: by, claimedAt: at, nextStepAt };
}

/**
 * Of two answers the graver stands: a neighbour's "all is well" does not end what another has called an emergency. It
 * is kept, and the alert goes on as it was.
 */
function verified(alert: Alert, { outcome, cause, mayEndEmergency }: VerifiedEvent, at: Date): Alert {
  if (outcome === 'needs_help') return emergency(alert, at);
  if (alert.severity === 'emergency' && !mayEndEmergency) return alert;
  if (settles(outcome)) return closed(alert, outcome, cause, at);
  return { ...unclaimed(alert), nextStepAt: at };
}

/** The desk takes over at once and is asked again and again; the steps between are left out. */
function emergency(alert: Alert, at: Date): Alert {
  const step = Math.max(alert.step, lastStepOf(alert.policy));
  return {
    ...unclaimed(alert),
    severity: 'emergency',
    step,
    nextStepAt: later(at, delayAfterStepMs(alert.policy, step)),
  };
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
