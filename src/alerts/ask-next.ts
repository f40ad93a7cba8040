import { type AlertEventRow, recordAlertEvents } from '../db/alert-events.ts';
import { askedAbout } from '../db/leaves.ts';
import { type OwedText, oweTexts } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import type { Alert } from '../domain/alerting/alert.ts';
import { channelsFor } from '../domain/alerting/channel.ts';
import { addresseesOf, callsAlone, channelsOf, lastStepOf } from '../domain/alerting/escalation-policy.ts';
import { type Answerer, meantBy } from '../domain/alerting/reachable-hours.ts';
import { whoAnswersAtHomes } from './who-answers.ts';

/** An alert whose step is being taken. */
export interface StepTaker {
  readonly alertId: number;
  readonly householdId: number;
  readonly alert: Alert;
}

/** An alert whose step is being taken, with who may be asked and who was before. */
interface Asking extends StepTaker {
  readonly answerers: readonly Answerer[];
  readonly asked: ReadonlySet<number>;
}

/** What taking a step comes to. */
interface StepTaken {
  readonly step: number;
  readonly texts: readonly OwedText[];
  readonly events: readonly AlertEventRow[];
}

/**
 * Owes a text, or a call, to everybody whom the current steps of some alerts name, in the caller's transaction: each alert
 * is of another home.
 *
 * A step that names nobody on the roster, or nobody who can be asked at this hour, is passed over at once, and said so on
 * the timeline; at the end of the steps there is the desk, which is asked without end. An emergency pays no heed to
 * anybody's hours. Yields the step that was really taken of each alert.
 */
export async function askSteps(tx: Tx, takers: readonly StepTaker[], at: Date): Promise<(alertId: number) => number> {
  const taken = new Map((await findAnswerers(tx, takers, at)).map((asking) => [asking.alertId, takeStep(asking, at)]));
  const all = [...taken.values()];
  await oweTexts(
    tx,
    all.flatMap(({ texts }) => texts),
    at,
  );
  await recordAlertEvents(
    tx,
    all.flatMap(({ events }) => events),
  );
  return (alertId) => {
    const its = taken.get(alertId);
    if (!its) throw new Error(`the step of alert ${alertId} was not taken`);
    return its.step;
  };
}

async function findAnswerers(tx: Tx, takers: readonly StepTaker[], at: Date): Promise<Asking[]> {
  const homes = takers.map(({ householdId }) => householdId);
  const people = await whoAnswersAtHomes(tx, homes, at);
  const askings = takers.map((taker): Asking => {
    const ofHome = people.get(taker.householdId) ?? [];
    const isEmergency = taker.alert.severity === 'emergency';
    const answerers = isEmergency ? ofHome.map((each) => ({ ...each, isInHours: true })) : ofHome;
    return { ...taker, answerers, asked: new Set() };
  });
  const isOnlyKnownByWhoWasAsked = ({ answerers, alert }: Asking) =>
    answerers.some(({ isInHours }) => !isInHours) || callsAlone(alert.policy);
  const unclear = askings.filter(isOnlyKnownByWhoWasAsked);
  if (unclear.length === 0) return askings;
  const asked = await askedAbout(
    tx,
    unclear.map(({ alertId }) => alertId),
  );
  return askings.map((asking) => ({ ...asking, asked: asked.get(asking.alertId) ?? asking.asked }));
}

function takeStep({ alertId, alert, answerers, asked }: Asking, at: Date): StepTaken {
  const events: AlertEventRow[] = [];
  const intent = alert.severity === 'emergency' ? 'emergency' : 'check_request';
  for (let { step } = alert; ; step += 1) {
    const meant = meantByStep(alert, step, answerers, asked);
    for (const { personId, role } of meant) {
      events.push({ alertId, at, type: 'asked', personId, detail: { step, role } });
    }
    const channels = channelsOf(alert.policy, step);
    const texts = meant.flatMap(({ personId, role }) =>
      channelsFor(channels, asked.has(personId)).map((channel): OwedText => ({
        alertId,
        intent,
        step,
        personId,
        role,
        channel,
      })),
    );
    if (texts.length > 0) return { step, texts, events };
    events.push({ alertId, at, type: 'nobody_to_ask', detail: { step } });
    if (step >= lastStepOf(alert.policy)) return { step, texts, events };
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
