import type { PauseRule } from './pause-limit.ts';

/** A home's sensitivity goes from -3 to +3; 0 is the rule of its tier as it stands. */
const GREATEST_STEP = 3;
/** Two steps make it twice as sensitive, or half as much. */
const STEPS_TO_DOUBLE = 2;
/** However often alarms were false: whoever is most at risk is not made much less sensitive. */
const LEAST_STEP = { 1: -1, 2: -3, 3: -3 } as const;

/** From when on a home is so sensitive. */
export interface SensitivityChange {
  readonly atMs: number;
  readonly step: number;
}

/** The step within what the tier of a home allows. */
export function boundedStep(step: number, tier: keyof typeof LEAST_STEP): number {
  return Math.min(GREATEST_STEP, Math.max(LEAST_STEP[tier], step));
}

/**
 * The step that counts at `atMs` for a pause that began at `fromMs`, given the changes in the order of time.
 *
 * A home that becomes more sensitive is so at once; one that becomes less sensitive is so from the next pause on, so that
 * a limit never moves away from a pause that lasts.
 */
export function stepDuring(changes: readonly SensitivityChange[], fromMs: number, atMs: number): number {
  let step = 0;
  for (const change of changes) {
    if (change.atMs <= fromMs) step = change.step;
    else if (change.atMs <= atMs) step = Math.max(step, change.step);
  }
  return step;
}

/**
 * The rule for a home of this sensitivity. Both prices of a false alarm are scaled by 2^(step/2), 0.35 to 2.83, so that
 * the limit never rises with the step. Neither the cap nor the least hours change.
 */
export function sensitised<Rule extends PauseRule>(rule: Rule, step: number): Rule {
  if (step === 0) return rule;
  const factor = 2 ** (step / STEPS_TO_DOUBLE);
  return { ...rule, chance: rule.chance * factor, chancePerHour: rule.chancePerHour * factor };
}
