import { recordAlertEvent } from '../db/alert-events.ts';
import { askedAbout } from '../db/leaves.ts';
import { oweText } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import type { Alert } from '../domain/alerting/alert.ts';
import { addresseesOf, lastStepOf } from '../domain/alerting/escalation-policy.ts';
import { type Answerer, meantBy } from '../domain/alerting/reachable-hours.ts';
import { whoAnswers } from './who-answers.ts';

/** The alert whose step is being taken. */
export interface StepTaker {
  readonly alertId: number;
  readonly householdId: number;
}

/**
 * Owes a text to everybody the alert's current step names, in the caller's transaction.
 *
 * A step that names nobody on the roster, or nobody who can be asked at this hour, is passed over at once, and said so on
 * the timeline; at the end of the steps there is the desk, which is asked without end. An emergency pays no heed to
 * anybody's hours. Returns the step that was really taken.
 */
export async function askStep(tx: Tx, taker: StepTaker, alert: Alert, at: Date): Promise<number> {
  const people = await whoAnswers(tx, taker.householdId, at);
  const isEmergency = alert.severity === 'emergency';
  const answerers = isEmergency ? people.map((each) => ({ ...each, isInHours: true })) : people;
  const someRest = answerers.some(({ isInHours }) => !isInHours);
  const asked = someRest ? await askedAbout(tx, taker.alertId) : new Set<number>();
  for (let step = alert.step; ; step += 1) {
    const meant = meantByStep(alert, step, answerers, asked);
    for (const { personId, role } of meant) {
      const intent = isEmergency ? 'emergency' : 'check_request';
      await oweText(tx, { alertId: taker.alertId, intent, step, personId, role }, at);
      await recordAlertEvent(tx, { alertId: taker.alertId, at, type: 'asked', personId, detail: { step, role } });
    }
    if (meant.length > 0) return step;
    await recordAlertEvent(tx, { alertId: taker.alertId, at, type: 'nobody_to_ask', detail: { step } });
    if (step >= lastStepOf(alert.policy)) return step;
  }
}

/** The people of a step, each once, though they may be named in two capacities. */
function meantByStep(
  alert: Alert,
  step: number,
  people: readonly Answerer[],
  asked: ReadonlySet<number>,
): readonly Answerer[] {
  const meant: Answerer[] = [];
  for (const addressee of addresseesOf(alert.policy, step)) {
    const isTaken = (personId: number) => asked.has(personId) || meant.some((each) => each.personId === personId);
    meant.push(...meantBy(addressee, people, isTaken));
  }
  return meant.filter((one, i) => meant.findIndex(({ personId }) => personId === one.personId) === i);
}
