import type { HomeRow } from '../db/home-series.ts';
import type { LearnedRow } from '../db/lessons.ts';
import type { LeftOutTime } from '../domain/habit/left-out.ts';
import { boundedStep, type SensitivityChange } from '../domain/habit/sensitivity.ts';

/** What the answers at home checks have taught of a home, with the time from which each counts. */
export interface Learned {
  readonly steps: readonly SensitivityChange[];
  readonly leftOut: readonly LeftOutTime[];
}

export const NOTHING_LEARNED: Learned = { steps: [], leftOut: [] };

/** What is stored of a home, as its tier lets it count. */
export function learned(rows: readonly LearnedRow[], tier: HomeRow['tier']): Learned {
  return {
    steps: rows.flatMap(({ at, step }) =>
      step === undefined ? [] : [{ atMs: at.getTime(), step: boundedStep(step, tier) }],
    ),
    leftOut: rows.flatMap(({ at, fromAt, untilAt, undoneAt }) =>
      fromAt && untilAt
        ? [
            {
              fromMs: fromAt.getTime(),
              untilMs: untilAt.getTime(),
              knownFromMs: at.getTime(),
              knownUntilMs: undoneAt?.getTime() ?? Infinity,
            },
          ]
        : [],
    ),
  };
}
