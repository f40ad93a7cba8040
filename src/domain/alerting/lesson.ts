import { boundedStep } from '../habit/sensitivity.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';
import type { Evidence } from './finding.ts';
import type { Cause, Outcome } from './outcome.ts';

/** What the answers to an alert teach of its home. */
export interface Teaching {
  /** Whether the home is to be more sensitive (1), less (-1), or as it is. */
  readonly move: -1 | 0 | 1;
  /** Whether the run that alarmed says nothing of how long people usually pause there. */
  readonly leavesRunOut: boolean;
}

export const NOTHING_TAUGHT: Teaching = { move: 0, leavesRunOut: false };

/** A home becomes less sensitive by one step in so many days at most. */
const DAYS_BETWEEN_LOWERINGS = 7;

const FALSE_ALARM_TEACHES: Readonly<Record<Cause, Teaching>> = {
  late_riser: { move: -1, leavesRunOut: false },
  cleaning: { move: -1, leavesRunOut: false },
  other: { move: -1, leavesRunOut: false },
  away: { move: 0, leavesRunOut: true },
  hospital: { move: 0, leavesRunOut: true },
  meter_fault: { move: 0, leavesRunOut: true },
  leak: NOTHING_TAUGHT,
};

/**
 * What the answers that stand, oldest first, teach together: a call for help outweighs the others, and otherwise the last
 * answer counts. An alarm that was false while people were at home and well makes the home less sensitive; one that came
 * of an absence or of the meter says only that its run was not a pause of people. That all was well now, or that nobody
 * was reached, teaches nothing: the alarm may have been right.
 */
export function taughtBy(
  answers: readonly { readonly outcome: Outcome; readonly cause: Cause | undefined }[],
): Teaching {
  if (answers.some(({ outcome }) => outcome === 'needs_help')) return { move: 1, leavesRunOut: true };
  const last = answers.at(-1);
  if (last?.outcome === 'away') return { move: 0, leavesRunOut: true };
  if (last?.outcome !== 'false_alarm' || last.cause === undefined) return NOTHING_TAUGHT;
  return FALSE_ALARM_TEACHES[last.cause];
}

/** A home as it has learned so far. */
export interface LearningHome {
  readonly tier: Parameters<typeof boundedStep>[1];
  readonly step: number;
  /** When it last became less sensitive by something that stands. */
  readonly loweredAt: Date | undefined;
}

/** A move of a home's sensitivity, and whether a run is left out. */
export interface SensitivityMove {
  readonly fromStep: number;
  readonly toStep: number;
  readonly leavesRunOut: boolean;
}

/** What follows from a teaching: what the alert had taught before is undone, and what it teaches now is kept. */
export interface Relearned {
  /** The home's step once what was taught before is undone; undefined where nothing was, or it stays. */
  readonly undoneTo: number | undefined;
  readonly keep: SensitivityMove | undefined;
}

/** Brings a home in line with what an alert teaches it, within its bounds, given what the alert had taught it before. */
export function relearn(
  home: LearningHome,
  before: SensitivityMove | undefined,
  taught: Teaching,
  at: Date,
): Relearned {
  const movedBefore = before ? before.toStep - before.fromStep : 0;
  const fromStep = boundedStep(home.step - movedBefore, home.tier);
  const isHeld = taught.move < 0 && movedBefore >= 0 && wasLoweredLately(home, at);
  const toStep = isHeld ? fromStep : boundedStep(fromStep + taught.move, home.tier);
  const { leavesRunOut } = taught;
  if (before?.leavesRunOut === leavesRunOut && movedBefore === toStep - fromStep) {
    return { undoneTo: undefined, keep: undefined };
  }
  const keep = fromStep === toStep && !leavesRunOut ? undefined : { fromStep, toStep, leavesRunOut };
  return { undoneTo: before && fromStep, keep };
}

function wasLoweredLately({ loweredAt }: LearningHome, at: Date): boolean {
  return loweredAt !== undefined && at.getTime() - loweredAt.getTime() < DAYS_BETWEEN_LOWERINGS * DAY_MS;
}

/** The time in which the run lies that an alarm was raised for; undefined where it was not raised for too little water. */
export function alarmedRun(evidence: Evidence): { readonly fromMs: number; readonly untilMs: number } | undefined {
  const { asOfMs: untilMs } = evidence;
  if (evidence.detector === 'inactivity') return { fromMs: evidence.sinceMs, untilMs };
  if (evidence.detector === 'low-use') return { fromMs: untilMs - evidence.windowHours * HOUR_MS, untilMs };
  return undefined;
}
