import { eachPause, type PackedPauses, pauseCount } from './packed-pauses.ts';
import type { Pause } from './pause.ts';

/** How unusual a pause must be before it alarms. */
export interface PauseRule {
  /** No pause is alarming where the chance of a longer one is greater than this: 0.003 to 0.05. */
  readonly chance: number;
  /**
   * So much more chance of a false alarm is an hour sooner worth: 0.00005 to 0.001. Waiting goes on for as long as an
   * hour more lowers the chance that the pause is an ordinary one by more than this.
   */
  readonly chancePerHour: number;
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
const START_SPREAD_HOURS = 1.75;
const OTHER_DAY_TYPE_WEIGHT = 0.5;
/** By how much an hour of use more or less before the pause matters, on a logarithmic scale. */
const USE_SHARPNESS = 3;
/** Half a pause of which nothing is known but that few last longer than this. */
const PRIOR_PAUSES = 0.5;
const PRIOR_HOURS = 3;
/** In how many of the further dry hours of a pause that began somebody may come to harm as well as in its first. */
const LATER_HOURS_SHARE = 0.3;
const LATER_HOURS = 11;

/**
 * How long a pause that begins like this one may last before it is alarming, in whole hours: where the chance of a
 * false alarm and the hours that pass before a true one, weighed against each other, are least.
 *
 * The chance of a longer pause is a kernel estimate of the survival function given the start (Beran 1981), smoothed
 * over time: past pauses weigh by how near their start is to this one's in the day, in the kind of day, and in how much
 * water was used before. What is compared is until when on the clock they lasted, not how long: people get up and come
 * home at an hour. A limit on that chance alone would wait just as long where waiting buys nothing, as in the night.
 */
export function pauseLimit(pause: Pause, past: PackedPauses, rule: PauseRule): PauseLimit {
  return limitOn(chancesOfLonger(pause, past, rule.capHours), rule);
}

/** For each hour up to the cap, the chance that a pause lasts at least so long; undefined where too few are known. */
export type ChancesOfLonger = Float64Array | undefined;

/** The limit that a rule sets on a pause, given the chances that such a pause lasts longer. */
export function limitOn(
  longer: ChancesOfLonger,
  { chance, chancePerHour, leastHours, capHours }: PauseRule,
): PauseLimit {
  if (!longer) return { hours: capHours, shareOver: undefined };
  const laterHours = longer.slice(1, 1 + LATER_HOURS).reduce((sum, chance) => sum + chance, 0);
  const hourCosts = chancePerHour * (1 + LATER_HOURS_SHARE * laterHours);
  let best = { hours: capHours, cost: (longer[capHours] ?? 0) + hourCosts * capHours };
  for (let hours = leastHours; hours < capHours; hours += 1) {
    const chanceLonger = longer[hours] ?? 1;
    const cost = chanceLonger + hourCosts * hours;
    if (chanceLonger <= chance && cost < best.cost) best = { hours, cost };
  }
  const { hours } = best;
  return { hours, shareOver: hours < capHours ? 1 - (longer[hours] ?? 1) : undefined };
}

/** The chances that a pause like this one lasts longer, by the pauses of the past. */
export function chancesOfLonger(pause: Pause, past: PackedPauses, capHours: number): ChancesOfLonger {
  if (pauseCount(past) < LEAST_PAUSES) return undefined;
  return smoothed(weightsByLength(pause, past, capHours), capHours);
}

/** How much the past pauses weigh, by the quarters of an hour after this one's start at which they would have ended. */
function weightsByLength({ startHour, isDayOff, hoursOfUseBefore }: Pause, past: PackedPauses, capHours: number) {
  const weights = new Float64Array(capHours * BINS_AN_HOUR + 1);
  const longest = weights.length - 1;
  const startQuarter = Math.round(startHour * BINS_AN_HOUR);
  const byUse = likenessByUse(hoursOfUseBefore);
  eachPause(past, (quarter, lasted, hoursOfUse, wasDayOff) => {
    const later = quartersLater(quarter, startQuarter);
    const likeness = (LIKENESS_BY_START[Math.abs(later)] ?? 0) * (byUse[hoursOfUse] ?? 0);
    const length = Math.min(longest, Math.max(0, lasted + later));
    weights[length] = (weights[length] ?? 0) + (wasDayOff === isDayOff ? likeness : likeness * OTHER_DAY_TYPE_WEIGHT);
  });
  return weights;
}

function smoothed(weights: Float64Array, capHours: number): Float64Array {
  const { blurred, prior } = smoothingFor(capHours);
  const longer = prior.slice();
  let sum = PRIOR_PAUSES;
  for (let length = 0; length < weights.length; length += 1) {
    const weight = weights[length] ?? 0;
    sum += weight;
    const row = length * longer.length;
    for (let hour = 0; hour < longer.length; hour += 1) {
      longer[hour] = (longer[hour] ?? 0) + weight * (blurred[row + hour] ?? 0);
    }
  }
  for (let hour = 0; hour < longer.length; hour += 1) longer[hour] = (longer[hour] ?? 0) / sum;
  return longer;
}

const BINS_AN_HOUR = 4;
/** A pause that lasted so long might as well have been a little longer or shorter, a long one more so. */
const BLUR_HOURS = 0.5;
const BLUR_SHARE = 0.2;

interface Smoothing {
  /** For each quarter of an hour that a past pause lasted, the share of it that counts as lasting longer than each hour. */
  readonly blurred: Float64Array;
  /** The half pause, by the hours that it lasts at least. */
  readonly prior: Float64Array;
}

const smoothings = new Map<number, Smoothing>();

function smoothingFor(capHours: number): Smoothing {
  let smoothing = smoothings.get(capHours);
  if (!smoothing) {
    const hours = capHours + 1;
    const bins = capHours * BINS_AN_HOUR + 1;
    const blurred = Float64Array.from({ length: bins * hours }, (_, i) => {
      const bin = Math.floor(i / hours);
      const lasted = (bin + 0.5) / BINS_AN_HOUR;
      // What lasted to the cap lasted longer than every hour before it.
      if (bin === bins - 1) return 1;
      return normalShare((lasted - (i % hours)) / (BLUR_HOURS + BLUR_SHARE * lasted));
    });
    const prior = Float64Array.from({ length: hours }, (_, hour) => PRIOR_PAUSES * Math.exp(-hour / PRIOR_HOURS));
    smoothings.set(capHours, (smoothing = { blurred, prior }));
  }
  return smoothing;
}

/** The share of a normal distribution that lies under so many standard deviations (Abramowitz & Stegun 26.2.17). */
function normalShare(deviations: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(deviations));
  const terms = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const density = Math.exp(-0.5 * deviations * deviations) / Math.sqrt(2 * Math.PI);
  const tail = density * terms.reduce((sum, term) => (sum + term) * t, 0);
  return deviations > 0 ? 1 - tail : tail;
}

const QUARTERS_A_DAY = 24 * BINS_AN_HOUR;

/** How many quarters of an hour later in the day one begins than another: -48 to 48, a little more where a day is longer. */
function quartersLater(quarter: number, thanQuarter: number): number {
  const later = quarter - thanQuarter;
  if (later > QUARTERS_A_DAY / 2) return later - QUARTERS_A_DAY;
  return later < -QUARTERS_A_DAY / 2 ? later + QUARTERS_A_DAY : later;
}

/** How like pauses are whose starts lie so many quarters of an hour apart. */
const LIKENESS_BY_START = Float64Array.from({ length: QUARTERS_A_DAY }, (_, quarters) =>
  gaussian(quarters / BINS_AN_HOUR / START_SPREAD_HOURS),
);

/** More different hours than these do not lie within 24. */
const MOST_HOURS_OF_USE = 128;
const likenesses = new Map<number, Float64Array>();

/** How like a pause after so many hours of use is to those after each other number. */
function likenessByUse(hoursOfUseBefore: number): Float64Array {
  let byUse = likenesses.get(hoursOfUseBefore);
  if (!byUse) {
    byUse = Float64Array.from({ length: MOST_HOURS_OF_USE }, (_, hours) =>
      gaussian(USE_SHARPNESS * (Math.log1p(hoursOfUseBefore) - Math.log1p(hours))),
    );
    likenesses.set(hoursOfUseBefore, byUse);
  }
  return byUse;
}

function gaussian(deviations: number): number {
  return Math.exp(-0.5 * deviations * deviations);
}
