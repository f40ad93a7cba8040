import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import type { WallClock } from './wall-clock.ts';

/** What a rule may know of a home beside the readings it judges: its past, as it was before any incident. */
export interface HomePast {
  readonly clock: WallClock;
  /** In time order, without what was invented for the test. */
  readonly intervals: readonly IntervalConsumption[];
}

/** Whether a rule raises its alarm on what has arrived, at the newest reading; undefined where it cannot tell. */
export type Judge = (known: readonly IntervalConsumption[], newestMs: number) => boolean | undefined;

/** A way to tell from water that something is wrong. */
export interface Rule {
  readonly name: string;
  /** What the rule listens for, which decides what it is measured against. */
  readonly listensFor: 'stillness' | 'running';
  /** How far back it needs to see what has arrived, in hours; the past goes further. */
  readonly lookbackHours: number;
  readonly judgeFor: (past: HomePast) => Judge;
}
