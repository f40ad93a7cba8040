import type { HomeSeries } from '../../../src/detectors/home-series.ts';
import type { Call } from '../injections.ts';
import type { PastUse } from '../past-use.ts';

/** All that a rule may know of a home. What lies after the moment that it is asked about, it must not look at. */
export interface Seen {
  /** Its one meter's intervals, absences that were announced, and what our own detectors work out of them. */
  readonly home: HomeSeries;
  /** The real past, as it was without what is played into it. */
  readonly past: PastUse;
}

/** Whether the rule's alarm holds at a moment; undefined where it cannot tell. */
export type HoldsAt = (atMs: number) => boolean | undefined;

/** A way to tell from water that something is wrong. */
export interface Rule {
  readonly name: string;
  /** What the rule listens for, which decides what it is measured against. */
  readonly listensFor: readonly Call[];
  /** What it finds again within so long counts as the same alarm; left out, each time that it holds anew is one. */
  readonly sameForMs?: number;
  /** Looks a home over once. What it returns is asked about moments at which a reading came. */
  readonly lookOver: (seen: Seen) => HoldsAt;
}
