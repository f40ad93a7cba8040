import type { WallTime } from '../wall-time.ts';
import type { EscalationPolicy } from './escalation-policy.ts';

/** What a day is at work: days that make up for a holiday are workdays, though they may be Sundays. */
export const DAY_KINDS = ['workday', 'weekend', 'holiday'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

/** When a variant of a policy holds, by the clock on the wall of the home. What is left out does not matter. */
export interface EscalationHours {
  /** Minutes since midnight; an end that is not later than the beginning lies on the next day. */
  readonly fromMinute?: number | undefined;
  readonly untilMinute?: number | undefined;
  /** 1 is Monday. Of a night it is the day on which it is asked that counts. */
  readonly weekdays?: readonly number[] | undefined;
  readonly days?: readonly DayKind[] | undefined;
}

/** Another table of steps for certain hours and days. */
export interface EscalationVariant {
  readonly when: EscalationHours;
  readonly policy: EscalationPolicy;
}

/** A policy and its variants, the first that holds before the others. */
export interface EscalationPlan {
  readonly policy: EscalationPolicy;
  readonly variants: readonly EscalationVariant[];
}

/** The policy of a plan that holds at a time on the wall. */
export function policyAt({ policy, variants }: EscalationPlan, wall: WallTime, dayKind: DayKind): EscalationPolicy {
  return variants.find(({ when }) => holds(when, wall, dayKind))?.policy ?? policy;
}

function holds(
  { fromMinute = 0, untilMinute = 1_440, weekdays, days }: EscalationHours,
  wall: WallTime,
  kind: DayKind,
) {
  if (weekdays && !weekdays.includes(wall.weekday)) return false;
  if (days && !days.includes(kind)) return false;
  const { minute } = wall;
  return untilMinute > fromMinute
    ? minute >= fromMinute && minute < untilMinute
    : minute >= fromMinute || minute < untilMinute;
}
