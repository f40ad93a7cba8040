import type { Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Method } from '../../src/domain/alerting/outcome.ts';
import { MINUTE_MS } from '../../src/domain/time.ts';
import { randomStream, type StreamName } from '../random.ts';

/** How people of one role treat a text that asks for a home check. Chances lie between 0 and 1. */
export interface AnsweringHabits {
  /** Shortest and longest time from the text to the answer, in minutes. */
  readonly delayMinutes: readonly [number, number];
  /** Chance that nothing ever comes back. */
  readonly neverAnswers: number;
  /** Chance of an "I am on my way" half-way to the answer. */
  readonly claimsFirst: number;
  /** How they check on the home: the first method, or sometimes the second. */
  readonly methods: readonly [Method, Method];
}

export const ANSWERING_HABITS: Readonly<Record<Role, AnsweringHabits>> = {
  guardian: { delayMinutes: [5, 35], neverAnswers: 0.2, claimsFirst: 0.1, methods: ['phone', 'neighbour'] },
  contact: { delayMinutes: [8, 40], neverAnswers: 0.08, claimsFirst: 0.4, methods: ['in_person', 'neighbour'] },
  supervisor: { delayMinutes: [5, 30], neverAnswers: 0.05, claimsFirst: 0.2, methods: ['in_person', 'phone'] },
  desk: { delayMinutes: [3, 12], neverAnswers: 0, claimsFirst: 0, methods: ['in_person', 'neighbour'] },
};

const SECOND_METHOD = 0.15;

/** What a person makes of one text. */
export interface AnswerPlan {
  readonly claimAt: Date | undefined;
  readonly answerAt: Date;
  readonly method: Method;
}

/** What becomes of the text that `names` name, sent at `at`; undefined when it is never answered. */
export function planAnswer(habits: AnsweringHabits, at: Date, names: readonly StreamName[]): AnswerPlan | undefined {
  const chance = randomStream(...names);
  if (chance.chance(habits.neverAnswers)) return undefined;
  const delayMs = Math.round(chance.between(...habits.delayMinutes) * MINUTE_MS);
  const claims = chance.chance(habits.claimsFirst);
  const [usual, other] = habits.methods;
  return {
    claimAt: claims ? new Date(at.getTime() + Math.round(delayMs / 2)) : undefined,
    answerAt: new Date(at.getTime() + delayMs),
    method: chance.chance(SECOND_METHOD) ? other : usual,
  };
}
