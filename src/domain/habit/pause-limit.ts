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
  /** The chance of a longer pause below which one is alarming: 0.005 to 0.03. */
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
const START_SPREAD_HOURS = 2;
const OTHER_DAY_TYPE_WEIGHT = 0.5;
/** By how much an hour of use more or less before the pause matters, on a logarithmic scale. */
const USE_SHARPNESS = 2.5;
/** Half a pause of which nothing is known but that few last longer than a night. */
const PRIOR_PAUSES = 0.5;
const PRIOR_HOURS = 8;
/**
 * How long a pause that begins like this one may last before it is alarming, in whole hours: the first hour by which so
 * many of this home's comparable pauses were over that the chance of a longer one falls under the rule's.
 *
 * A kernel estimate of the survival function given the start (Beran 1981): past pauses weigh by how near their start is
 * to this one's in the day, in the kind of day, and in how much water was used before. What is compared is until when
 * on the clock they lasted, not how long: people get up and come home at an hour.
 */
export function pauseLimit(pause: Pause, past: readonly PastPause[], rule: PauseRule): PauseLimit {
  const { chance, leastHours, capHours } = rule;
  if (past.length < LEAST_PAUSES) return { hours: capHours, shareOver: undefined };
  const weightByHour = new Float64Array(capHours + 1);
  let sum = 0;
  for (const each of past) {
    const laterHours = hoursLater(each.startHour, pause.startHour);
    const weight = likeness(pause, each, laterHours);
    const lastedHours = Math.max(0, each.lastedMs / HOUR_MS + laterHours);
    const bin = Math.min(capHours, Math.floor(lastedHours));
    weightByHour[bin] = (weightByHour[bin] ?? 0) + weight;
    sum += weight;
  }
  let longer = sum;
  for (let hours = 1; hours < capHours; hours += 1) {
    longer -= weightByHour[hours - 1] ?? 0;
    const chanceLonger = (longer + PRIOR_PAUSES * Math.exp(-hours / PRIOR_HOURS)) / (sum + PRIOR_PAUSES);
    if (hours >= leastHours && chanceLonger < chance) return { hours, shareOver: 1 - chanceLonger };
  }
  return { hours: capHours, shareOver: undefined };
}

/** How many hours later in the day one begins than another: -12 to 12. */
function hoursLater(startHour: number, thanHour: number): number {
  const later = startHour - thanHour;
  if (later > 12) return later - 24;
  return later < -12 ? later + 24 : later;
}

function likeness(pause: Pause, past: Pause, laterHours: number): number {
  const start = laterHours / START_SPREAD_HOURS;
  const use = USE_SHARPNESS * (Math.log1p(pause.hoursOfUseBefore) - Math.log1p(past.hoursOfUseBefore));
  const sameDay = pause.isDayOff === past.isDayOff ? 1 : OTHER_DAY_TYPE_WEIGHT;
  return Math.exp(-0.5 * (start * start + use * use)) * sameDay;
}
