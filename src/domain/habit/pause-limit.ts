import { HOUR_MS } from '../time.ts';

/** A pause between two uses, as far as it helps to judge another one. */
export interface Pause {
  /** The hour of the local day at which it began, 0 to 24. */
  readonly startHour: number;
  readonly isDayOff: boolean;
  readonly hoursOfUseBefore: number;
}

/** A pause that has ended. */
export interface PastPause extends Pause {
  readonly lastedMs: number;
}

/** How unusual a pause must be before it alarms. */
export interface PauseRule {
  /** The chance of a longer pause, at the usual length of pauses, below which one is alarming: 0.003 to 0.01. */
  readonly chance: number;
  /** No pause is alarming before it has lasted so long. */
  readonly leastHours: number;
  /** Nor is one taken for usual that is longer than this. */
  readonly capHours: number;
}

/** How long a pause may last. */
export interface PauseLimit {
  readonly hours: number;
  /** The share of such pauses that were over by then; undefined where the home is not known well enough and the cap stands. */
  readonly shareOver: number | undefined;
}

/** With fewer pauses than this a home is not known. */
const LEAST_PAUSES = 20;
const START_SPREAD_HOURS = 1.5;
const OTHER_DAY_TYPE_WEIGHT = 0.4;
/** By how much an hour of use more or less before the pause matters, on a logarithmic scale. */
const USE_SHARPNESS = 2;
/** Half a pause of which nothing is known but that it is seldom longer than half a day. */
const PRIOR_PAUSES = 0.5;
const PRIOR_HOURS = 12;
/** People whose pauses are long anyway can be asked about sooner for the same number of alarms: pauses of this length are the measure. */
const USUAL_PAUSE_HOURS = 3;
const LONGEST_COUNTED_HOURS = 12;

/**
 * How long a pause that begins like this one may last before it is alarming, in whole hours: the first hour by which so
 * many of this home's comparable pauses were over that the chance of a longer one falls under the rule's.
 *
 * A kernel estimate of the survival function (Nelson 1972, Beran 1981): past pauses weigh by how near their start is to this one's in the
 * day, in the kind of day, and in how much water was used before. The chance asked for grows with the usual length of
 * pauses at this hour, which spends the same number of false alarms where they buy the most hours.
 */
export function pauseLimit(
  pause: Pause,
  past: readonly PastPause[],
  { chance, leastHours, capHours }: PauseRule,
): PauseLimit {
  if (past.length < LEAST_PAUSES) return { hours: capHours, shareOver: undefined };
  const weightByHour = new Float64Array(capHours + 1);
  let sum = 0;
  let countedHours = 0;
  for (const each of past) {
    const weight = likeness(pause, each);
    const hours = each.lastedMs / HOUR_MS;
    const bin = Math.min(capHours, Math.floor(hours));
    weightByHour[bin] = (weightByHour[bin] ?? 0) + weight;
    sum += weight;
    countedHours += weight * Math.min(hours, LONGEST_COUNTED_HOURS);
  }
  const usualHours = (countedHours + PRIOR_PAUSES * USUAL_PAUSE_HOURS) / (sum + PRIOR_PAUSES);
  const leastChance = (chance * usualHours) / USUAL_PAUSE_HOURS;
  let reached = sum;
  for (let hours = 1; hours < capHours; hours += 1) {
    reached -= weightByHour[hours - 1] ?? 0;
    const longer = (reached + PRIOR_PAUSES * Math.exp(-hours / PRIOR_HOURS)) / (sum + PRIOR_PAUSES);
    if (hours >= leastHours && longer < leastChance) return { hours, shareOver: 1 - longer };
  }
  return { hours: capHours, shareOver: undefined };
}

function likeness(pause: Pause, past: Pause): number {
  const apart = Math.abs(pause.startHour - past.startHour);
  const hours = Math.min(apart, 24 - apart) / START_SPREAD_HOURS;
  const uses = USE_SHARPNESS * (Math.log1p(pause.hoursOfUseBefore) - Math.log1p(past.hoursOfUseBefore));
  const sameDay = pause.isDayOff === past.isDayOff ? 1 : OTHER_DAY_TYPE_WEIGHT;
  return Math.exp(-0.5 * (hours * hours + uses * uses)) * sameDay;
}
