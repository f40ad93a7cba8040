import type { CorrectedEvent, ReopenedEvent, VerifiedEvent } from './alert-event.ts';
import { type Alert, closed, minutesLater, unheld } from './alert-shape.ts';
import { delayAfterStepMs, lastStepOf } from './escalation-policy.ts';
import { settles } from './outcome.ts';

/** How long after their first answer somebody may take it back. */
export const CORRECTABLE_FOR_MINUTES = 10;

/**
 * Of two answers the graver stands: a neighbour's "all is well" does not end what another has called an emergency. It
 * is kept, and the alert goes on as it was.
 */
export function verified(
  alert: Alert,
  { outcome, cause, mayEndEmergency }: Omit<VerifiedEvent, 'type'>,
  at: Date,
): Alert {
  // Once an alert has gone on after its end, whoever was told at this step that it is over must be told anew.
  const telling = alert.reopenedAt === undefined ? alert.step : alert.step + 1;
  if (outcome === 'needs_help') return emergency(alert, telling, at);
  if (alert.severity === 'emergency' && !mayEndEmergency) return alert;
  if (settles(outcome)) return closed(alert, { outcome, cause }, at);
  return { ...unheld(alert), nextStepAt: at };
}

/**
 * The alert as it would be had the answer been the corrected one. An answer that did not close the alert does not open
 * it again when corrected, unless help is needed.
 */
export function corrected(alert: Alert, event: CorrectedEvent, at: Date): Alert | undefined {
  if (at > minutesLater(event.answeredAt, CORRECTABLE_FOR_MINUTES)) return undefined;
  if (alert.state === 'closed') return correctedEnd(alert, event, at);
  const without = event.was === 'needs_help' ? { ...alert, severity: event.severityWithout } : alert;
  return verified(without, event, at);
}

function correctedEnd(alert: Alert, { outcome, cause, closedIt }: CorrectedEvent, at: Date): Alert | undefined {
  if (outcome === 'needs_help') return reopened(alert, { needsHelp: true }, at);
  if (!closedIt) return alert;
  if (settles(outcome)) return { ...alert, closeOutcome: outcome, closeCause: cause };
  return reopened(alert, { needsHelp: false }, at);
}

/**
 * A closed alert goes on: at the desk when help is needed, otherwise with the next people, who are asked now. From then
 * on neither readings nor returning water end it.
 */
export function reopened(alert: Alert, { needsHelp }: Omit<ReopenedEvent, 'type'>, at: Date): Alert | undefined {
  if (alert.state !== 'closed') return undefined;
  const again: Alert = {
    ...alert,
    state: 'open',
    nextStepAt: at,
    recoveredAt: undefined,
    reopenedAt: at,
    closedAt: undefined,
    closeOutcome: undefined,
    closeCause: undefined,
  };
  // Whoever was told at this step that it is over must be told anew.
  return needsHelp ? emergency(again, alert.step + 1, at) : again;
}

/** The desk takes over at once and is asked again and again; the steps between are left out. */
function emergency(alert: Alert, atLeast: number, at: Date): Alert {
  const step = Math.max(atLeast, lastStepOf(alert.policy));
  const nextStepAt = new Date(at.getTime() + delayAfterStepMs(alert.policy, step));
  return { ...unheld(alert), severity: 'emergency', step, nextStepAt };
}
