import { endAbsence } from '../db/absences.ts';
import { recordAlertEvent } from '../db/alert-events.ts';
import { detectorsBehind, openAlertOf, type StoredAlert } from '../db/alerts.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { type AnswerVersion, helpCalledByOthers, mayEndEmergency, versionsOfAnswer } from '../db/verifications.ts';
import { emptyUntil } from '../domain/alerting/absence-dates.ts';
import { transition } from '../domain/alerting/alert.ts';
import { graver, type Severity, severityOf } from '../domain/alerting/finding.ts';
import type { AlertDeps } from './alert-deps.ts';
import { type Answer, applyAnswer, tidied } from './answer.ts';
import { existingAlert, refusal } from './existing-alert.ts';

/**
 * Somebody takes their own answer back within ten minutes and gives another: the alert goes on as if it had been that
 * one, and may be opened again by it. Both versions are kept.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` when they have not answered, when it is too late, or
 * when the home has another open alert by now. Nothing is written then.
 */
export function correctVerification({ pool, clock }: AlertDeps, answer: Answer): Promise<void> {
  const { alertId, personId, outcome } = answer;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const before = await existingAlert(tx, alertId);
    const versions = await versionsOfAnswer(tx, alertId, personId);
    const [first, last] = [versions[0], versions.at(-1)];
    if (!first || !last) throw refusal(before, 'has no answer of this person to correct');

    const given = tidied(answer);
    const event = {
      type: 'corrected',
      outcome,
      cause: given.cause,
      was: last.outcome,
      answeredAt: first.answeredAt,
      closedIt: closedBy(before, versions),
      severityWithout: await severityWithout(tx, before, personId),
      mayEndEmergency: await mayEndEmergency(tx, alertId, personId),
    } as const;
    const next = transition(before, event, at);
    if (!next) throw refusal(before, 'was answered too long ago to be corrected');
    const isReopened = before.state === 'closed' && next.state !== 'closed';
    if (isReopened && (await openAlertOf(tx, before.householdId)) !== undefined) {
      throw refusal(before, 'has been followed by another: answer that one');
    }

    if (emptyUntil(last, last.answeredAt)) await endAbsence(tx, { householdId: before.householdId, at, by: 'person' });
    await applyAnswer(tx, { before, next, type: 'corrected', answer: given, corrects: last.id }, at);
    if (isReopened) await recordAlertEvent(tx, { alertId, at, type: 'reopened', personId, detail: { outcome } });
  });
}

function closedBy({ closedAt }: StoredAlert, versions: readonly AnswerVersion[]): boolean {
  return versions.some(({ answeredAt }) => answeredAt.getTime() === closedAt?.getTime());
}

/** How grave the alert is by its findings, and by the calls for help of others. */
async function severityWithout(tx: Tx, alert: StoredAlert, personId: number): Promise<Severity> {
  if (await helpCalledByOthers(tx, alert.id, personId)) return 'emergency';
  const detectors = await detectorsBehind(tx, alert.id);
  return detectors.map(severityOf).reduce(graver, severityOf(alert.detector));
}
