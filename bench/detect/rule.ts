import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import type { Excuse } from '../../src/detectors/home-series.ts';
import type { Call } from './injections.ts';
import type { WallClock } from './wall-clock.ts';

/** What a rule may know of a home beside the readings it judges: its past, as it was before any incident. */
export interface HomePast {
  readonly clock: WallClock;
  /** In time order, without what was invented for the test. */
  readonly intervals: readonly IntervalConsumption[];
}

/**
 * Whether a rule raises its alarm on what has arrived, at the newest reading; undefined where it cannot tell. What was
 * announced beforehand excuses stillness.
 */
export type Judge = (
  known: readonly IntervalConsumption[],
  newestMs: number,
  announced?: readonly Excuse[],
) => boolean | undefined;

/** A way to tell from water that something is wrong. */
export interface Rule {
  readonly name: string;
  /** What the rule listens for, which decides what it is measured against. */
  readonly listensFor: readonly Call[];
  /** What it finds again within so long counts as the same alarm; left out, each time that it holds anew is one. */
  readonly sameForMs?: number;
  /** How far back it needs to see what has arrived, in hours; the past goes further. */
  readonly lookbackHours: number;
  readonly judgeFor: (past: HomePast) => Judge;
}
