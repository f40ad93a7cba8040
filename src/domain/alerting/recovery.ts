import { type Alert, minutesLater } from './alert-shape.ts';

/** People are told that the water is back when it has been for so long: a tap that is tried is not yet a person who is well. */
export const RECOVERY_TOLD_AFTER_MINUTES = 15;

/** And not sooner after the last text about the alert than this, however often it comes and goes: it asks for nothing new. */
export const RECOVERY_TOLD_EVERY_MINUTES = 60;

/**
 * Water runs again (or has stopped running). Where a person must still confirm, nothing else changes. Where the policy
 * lets the water speak for itself, the next people are asked only when it has not for long enough.
 */
export function recovered(alert: Alert, at: Date): Alert | undefined {
  if (alert.recoveredAt) return undefined;
  const back = { ...alert, recoveredAt: at };
  return { ...back, nextStepAt: endsByItselfAt(back) ?? alert.nextStepAt };
}

/** The condition holds again: whoever was spared in between is asked now, unless somebody is on the way. */
export function relapsed(alert: Alert, at: Date): Alert | undefined {
  if (!alert.recoveredAt) return undefined;
  const gone = { ...alert, recoveredAt: undefined };
  if (!endsByItselfAt(alert) || !alert.nextStepAt) return gone;
  const resumesMs = Math.max(at.getTime(), heldUntil(alert)?.getTime() ?? 0);
  return { ...gone, nextStepAt: new Date(Math.min(alert.nextStepAt.getTime(), resumesMs)) };
}

/** Whether the water has been back for so long that the alert may end without a person. */
export function recoveryIsOver(alert: Alert, at: Date): boolean {
  const endsAt = endsByItselfAt(alert);
  return endsAt !== undefined && endsAt <= at;
}

/** When a recovered alert ends without a person; undefined where it does not: a person must confirm, or was contradicted. */
function endsByItselfAt({ policy, severity, recoveredAt, reopenedAt }: Alert): Date | undefined {
  if (policy.confirmRecovery || severity === 'emergency' || reopenedAt || !recoveredAt) return undefined;
  return minutesLater(recoveredAt, policy.recoveryClosesAfterHours * 60);
}

function heldUntil({ state, claimedAt, snoozedUntil, policy }: Alert): Date | undefined {
  return state === 'claimed' && claimedAt ? minutesLater(claimedAt, policy.claimLapsesAfterMinutes) : snoozedUntil;
}
