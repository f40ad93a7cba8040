import type { AlertEvent } from './alert-event.ts';
import { type Alert, closed, minutesLater, unheld } from './alert-shape.ts';
import { corrected, reopened, verified } from './answers.ts';
import { claimed, lapsedClaims, snoozed } from './claims.ts';
import { delayAfterStepMs, type EscalationPolicy } from './escalation-policy.ts';
import { graver, type Severity } from './finding.ts';
import { recovered, recoveryIsOver, relapsed } from './recovery.ts';

export { type Alert, ALERT_STATES, CLOSE_OUTCOMES, type CloseOutcome } from './alert-shape.ts';
export type { AlertEvent } from './alert-event.ts';

/** A new alert: its first step is taken at once. */
export function openAlert(policy: EscalationPolicy, severity: Severity, at: Date): Alert {
  return {
    state: 'open',
    severity,
    policy,
    step: 0,
    nextStepAt: afterStep(policy, 0, at),
    recoveredAt: undefined,
    acknowledgements: [],
    claimedBy: undefined,
    claimedAt: undefined,
    snoozedUntil: undefined,
    snoozedBy: undefined,
    reopenedAt: undefined,
    closedAt: undefined,
    closeOutcome: undefined,
    closeCause: undefined,
  };
}

/**
 * The alert after `event`, or undefined when its state refuses it. A closed alert refuses everything but that somebody
 * contradicts its end or corrects their own answer.
 */
export function transition(alert: Alert, event: AlertEvent, at: Date): Alert | undefined {
  if (event.type === 'reopened') return reopened(alert, event, at);
  if (event.type === 'corrected') return corrected(alert, event, at);
  return alert.state === 'closed' ? undefined : whileOpen(alert, event, at);
}

type EventWhileOpen = Exclude<AlertEvent, { readonly type: 'reopened' | 'corrected' }>;

function whileOpen(alert: Alert, event: EventWhileOpen, at: Date): Alert | undefined {
  switch (event.type) {
    case 'finding_joined':
      return joined(alert, event.severity, at);
    case 'escalated':
      return escalated(alert, at);
    case 'claimed':
      return claimed(alert, event.by, at);
    case 'snoozed':
      return snoozed(alert, event, at);
    case 'recovered':
      return recovered(alert, at);
    case 'relapsed':
      return relapsed(alert, at);
    case 'water_returned':
      return recoveryIsOver(alert, at) ? closed(alert, { outcome: 'water_returned' }, at) : undefined;
    case 'verified':
      return verified(alert, event, at);
    case 'withdrawn':
      return withdrawn(alert, at);
  }
}

/** A graver finding ends a snooze: what was put off was less than this. */
function joined(alert: Alert, severity: Severity, at: Date): Alert {
  const still = relapsed(alert, at) ?? alert;
  const raised = { ...still, severity: graver(alert.severity, severity) };
  if (!alert.snoozedUntil || raised.severity === alert.severity) return raised;
  return { ...unheld(raised), nextStepAt: at };
}

/**
 * Taking a step ends a claim that was relied on, and a snooze. Where the water has been back for long enough, and that
 * is enough, nobody is asked any more.
 */
function escalated(alert: Alert, at: Date): Alert | undefined {
  if (!alert.nextStepAt || alert.nextStepAt > at || recoveryIsOver(alert, at)) return undefined;
  const step = alert.step + 1;
  const lapsed = lapsedClaims(alert, at);
  const acknowledgements = alert.acknowledgements.filter(({ by }) => !lapsed.includes(by));
  return { ...unheld(alert), acknowledgements, step, nextStepAt: afterStep(alert.policy, step, at) };
}

/** What a person saw stands, whatever the readings say. */
function withdrawn(alert: Alert, at: Date): Alert | undefined {
  const wasSeen = alert.severity === 'emergency' || alert.reopenedAt !== undefined;
  return wasSeen ? undefined : closed(alert, { outcome: 'late_data' }, at);
}

function afterStep(policy: EscalationPolicy, step: number, at: Date): Date {
  return minutesLater(at, delayAfterStepMs(policy, step) / 60_000);
}
