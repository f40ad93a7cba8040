import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import type { RandomStream } from '../random.ts';

/** How often the radio and the meters go wrong. Shares lie between 0 and 1. */
export interface FaultRates {
  /** Share of messages that come late, by up to `lateByHours`. */
  readonly late: number;
  /** At most 36. */
  readonly lateByHours: number;
  /** Share of messages that come a second time within the hour. */
  readonly repeated: number;
  /** Share of hourly messages that are overtaken by the next one, and of daily ones whose readings are in reverse. */
  readonly outOfOrder: number;
  /** Share of hourly messages that never come. A daily meter repeats its day until it is taken, so it loses none. */
  readonly lost: number;
  /** Share of meters that are exchanged in any 30 days; the new dial begins near zero under the old serial. */
  readonly exchanged: number;
  /** Share of meters whose clock is wrong, by up to five minutes either way. */
  readonly skewedClock: number;
}

export const NO_FAULTS: FaultRates = {
  late: 0,
  lateByHours: 0,
  repeated: 0,
  outOfOrder: 0,
  lost: 0,
  exchanged: 0,
  skewedClock: 0,
};

/** No message is under way for longer than this, whatever goes wrong. */
export const LONGEST_DELAY_MS = 38 * HOUR_MS;

/** What the radio does to one message. */
export interface Fate {
  readonly lost: boolean;
  readonly overtaken: boolean;
  readonly delayMs: number;
  /** How long after the first copy a second one comes; undefined when none does. */
  readonly repeatAfterMs: number | undefined;
}

/** The fate of the next message. It takes the same number of chances at any rates, so one rate moves no other fault. */
export function drawFate(rates: FaultRates, chance: RandomStream): Fate {
  const lost = chance.chance(rates.lost);
  const late = chance.chance(rates.late);
  const lateMs = Math.floor(chance.between(2 * MINUTE_MS, Math.max(2 * MINUTE_MS, rates.lateByHours * HOUR_MS)));
  const overtaken = chance.chance(rates.outOfOrder);
  const repeated = chance.chance(rates.repeated);
  const repeatAfterMs = chance.whole(1_000, 45 * MINUTE_MS);
  return { lost, overtaken, delayMs: late ? lateMs : 0, repeatAfterMs: repeated ? repeatAfterMs : undefined };
}
