import { recordAlertEvent } from '../db/alert-events.ts';
import type { Candidate } from '../db/escalation-people.ts';
import { oweText } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import type { Alert } from '../domain/alerting/alert.ts';
import { addresseesOf, lastStepOf } from '../domain/alerting/escalation-policy.ts';
import { whoAnswers } from './who-answers.ts';

/** The alert whose step is being taken. */
export interface StepTaker {
  readonly alertId: number;
  readonly householdId: number;
}

/**
 * Owes a text to everybody the alert's current step names, in the caller's transaction.
 *
 * A step that names nobody on the roster is passed over at once, and said so on the timeline; at the end of the steps
 * there is the desk, which is asked without end. Returns the step that was really taken.
 */
export async function askStep(tx: Tx, taker: StepTaker, alert: Alert, at: Date): Promise<number> {
  const candidates = await whoAnswers(tx, taker.householdId, at);
  for (let step = alert.step; ; step += 1) {
    const asked = peopleOf(candidates, alert, step);
    for (const { personId, role } of asked) {
      const intent = alert.severity === 'emergency' ? 'emergency' : 'check_request';
      await oweText(tx, { alertId: taker.alertId, intent, step, personId, role }, at);
      await recordAlertEvent(tx, { alertId: taker.alertId, at, type: 'asked', personId, detail: { step, role } });
    }
    if (asked.length > 0) return step;
    await recordAlertEvent(tx, { alertId: taker.alertId, at, type: 'nobody_to_ask', detail: { step } });
    if (step >= lastStepOf(alert.policy)) return step;
  }
}

/** The people of a step, each once, though they may be named in two capacities. */
function peopleOf(candidates: readonly Candidate[], alert: Alert, step: number): Candidate[] {
  const named = addresseesOf(alert.policy, step).flatMap(({ role, position }) =>
    candidates.filter(
      (candidate) => candidate.role === role && (position === 'all' || candidate.position === position),
    ),
  );
  return named.filter((one, i) => named.findIndex(({ personId }) => personId === one.personId) === i);
}
