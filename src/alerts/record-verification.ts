import { inTransaction } from '../db/sql.ts';
import { mayEndEmergency } from '../db/verifications.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';
import { type Answer, applyAnswer, tidied } from './answer.ts';
import { existingAlert, refusal } from './existing-alert.ts';
import { isRepeat } from './is-repeat.ts';

export type { Answer } from './answer.ts';

/**
 * Records what a person found at the home check, with its consequence, in one transaction: safe, false alarm and away
 * close the alert and tell everybody who was texted; away also writes the absence; needing help tells the desk and all
 * guardians; nobody reached makes the next step due now. The same answer again within minutes, from a thumb that touched
 * twice or a page that was gone back to, changes nothing.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` when the alert is closed: nothing is written then.
 * `reopenAlert` takes what contradicts its end.
 */
export function recordVerification({ pool, clock }: AlertDeps, answer: Answer): Promise<void> {
  const { alertId, personId, outcome } = answer;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const before = await existingAlert(tx, alertId);
    const given = tidied(answer);
    if (await isRepeat(tx, before, given, at)) return;
    const maySettle = await mayEndEmergency(tx, alertId, personId);
    const event = { type: 'verified', outcome, cause: given.cause, mayEndEmergency: maySettle } as const;
    const next = transition(before, event, at);
    if (!next) throw refusal(before, 'takes no answer');
    await applyAnswer(tx, { before, next, type: 'verified', answer: given }, at);
  });
}
