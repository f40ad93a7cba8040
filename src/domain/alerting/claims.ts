import type { SnoozedEvent } from './alert-event.ts';
import { type Acknowledgement, type Alert, minutesLater, unheld } from './alert-shape.ts';

/**
 * Somebody is on the way. When they are as many as the policy asks for, the next step is held back until the claim
 * lapses. Whoever sets out after that does not hold it back any longer, or two people could keep everybody else from
 * being asked. An emergency is not held back by anybody's being on the way. Setting out ends a snooze.
 */
export function claimed(alert: Alert, by: number, at: Date): Alert | undefined {
  if (alert.severity === 'emergency') return undefined;
  if (alert.state === 'claimed') return alert.claimedBy === by ? undefined : takenOver(alert, by, at);

  const standing = standingAcknowledgements(alert, at);
  if (standing.some((each) => each.by === by)) return undefined;
  const acknowledgements = [...standing, { by, atMs: at.getTime() }];
  if (acknowledgements.length < alert.policy.acknowledgementsNeeded) return { ...alert, acknowledgements };
  const nextStepAt = minutesLater(at, alert.policy.claimLapsesAfterMinutes);
  return { ...unheld(alert), state: 'claimed', acknowledgements, claimedBy: by, claimedAt: at, nextStepAt };
}

function takenOver(alert: Alert, by: number, at: Date): Alert {
  const others = alert.acknowledgements.filter((each) => each.by !== by);
  return { ...alert, acknowledgements: [...others, { by, atMs: at.getTime() }], claimedBy: by, claimedAt: at };
}

/** An acknowledgement that was not enough stands for as long as a claim would, and counts when another joins it. */
function standingAcknowledgements({ acknowledgements, policy }: Alert, at: Date): Acknowledgement[] {
  return acknowledgements.filter(({ atMs }) => minutesLater(new Date(atMs), policy.claimLapsesAfterMinutes) > at);
}

/** Whose word that they are on the way ends when the next step is taken at `at`: they must be told. */
export function lapsedClaims(alert: Alert, at: Date): number[] {
  const standing = alert.state === 'claimed' ? [] : standingAcknowledgements(alert, at);
  return alert.acknowledgements.map(({ by }) => by).filter((by) => !standing.some((each) => each.by === by));
}

/**
 * Nobody else is asked until the snooze ends; then the alert speaks again. It cannot be put off further than the policy
 * allows, nor twice without having spoken in between; an emergency cannot be put off at all.
 */
export function snoozed(alert: Alert, { by, until }: SnoozedEvent, at: Date): Alert | undefined {
  if (alert.severity === 'emergency' || alert.snoozedUntil) return undefined;
  if (until <= at || until > minutesLater(at, alert.policy.longestSnoozeMinutes)) return undefined;
  return { ...unheld(alert), snoozedUntil: until, snoozedBy: by, nextStepAt: until };
}
