import { insertAbsence } from '../db/absences.ts';
import { recordAlertEvent } from '../db/alert-events.ts';
import { type StoredAlert, saveAlert } from '../db/alerts.ts';
import { oweByChannels } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import { insertVerification, type Verification } from '../db/verifications.ts';
import { recordVisit } from '../db/visits.ts';
import { emptyUntil } from '../domain/alerting/absence-dates.ts';
import type { Alert } from '../domain/alerting/alert.ts';
import { channelsWithText } from '../domain/alerting/escalation-policy.ts';
import { learnFromAnswers } from './learn-from-answers.ts';
import { tellOfTheEnd } from './tell-of-the-end.ts';
import { whoAnswers } from './who-answers.ts';

/** What somebody answered, from the page behind their link. */
export interface Answer extends Omit<Verification, 'method' | 'cause' | 'awayUntil'> {
  readonly method?: Verification['method'];
  readonly cause?: Verification['cause'];
  readonly awayUntil?: Verification['awayUntil'];
}

/** An answer with only what belongs to its outcome. */
export function tidied(answer: Answer): Verification {
  const { outcome, method } = answer;
  const cause = outcome === 'false_alarm' ? answer.cause : undefined;
  const awayUntil = outcome === 'away' ? answer.awayUntil : undefined;
  return { ...answer, method, cause, awayUntil };
}

export interface Consequence {
  readonly before: StoredAlert;
  readonly next: Alert;
  /** How the answer is called on the timeline. */
  readonly type: 'verified' | 'corrected' | 'reopened';
  readonly answer: Verification;
  /** The answer that this one takes the place of. */
  readonly corrects?: number;
}

/**
 * Keeps an answer and does what follows from it, in the caller's transaction: an end is told to everybody who was
 * texted, away and in hospital also write the absence, needing help tells the desk and all guardians, and the home learns from it.
 */
export async function applyAnswer(tx: Tx, consequence: Consequence, at: Date): Promise<void> {
  const { before, next, answer, type, corrects } = consequence;
  const { personId, outcome, method, cause, linkId } = answer;
  const awayUntil = emptyUntil(answer, at);
  const verificationId = await insertVerification(tx, { ...answer, corrects }, at);
  await recordVisit(tx, verificationId, at);
  await saveAlert(tx, before.id, next);
  const detail = { outcome, method, cause, awayUntil, linkId };
  await recordAlertEvent(tx, { alertId: before.id, at, type, personId, detail });
  await learnFromAnswers(tx, before, verificationId, at);
  if (awayUntil && next.state === 'closed') {
    const { householdId } = before;
    await insertAbsence(tx, { householdId, awayFrom: at, awayUntil, declaredBy: personId, source: 'page' });
  }
  if (outcome === 'needs_help') await soundEmergency(tx, before, next, at);
  if (next.state === 'closed' && before.state !== 'closed') await tellOfTheEnd(tx, before.id, next, at);
}

/** The desk and all guardians at once, whichever step the alert had reached; with a call where that step calls. */
async function soundEmergency(tx: Tx, alert: StoredAlert, next: Alert, at: Date): Promise<void> {
  for (const { personId, role } of await whoAnswers(tx, alert.householdId, at)) {
    if (role !== 'desk' && role !== 'guardian') continue;
    const text = { alertId: alert.id, intent: 'emergency', step: next.step, personId, role } as const;
    await oweByChannels(tx, text, channelsWithText(next.policy, next.step), at);
    await recordAlertEvent(tx, { alertId: alert.id, at, type: 'asked', personId, detail: { step: next.step, role } });
  }
}
