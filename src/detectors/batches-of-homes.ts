import { DAY_MS } from '../domain/time.ts';
import type { HomeToJudge } from './load-homes.ts';

export interface BatchBounds {
  readonly homes: number;
  /** Of days of readings that a home's judgement begins with, over all homes of a batch. */
  readonly days: number;
}

/**
 * Divides homes into batches to be judged together, in their order: as many as can be held at a time. Of most homes a day or
 * two are new, of some a whole history, and its readings take as much memory as those of a hundred homes. A home that
 * is too large for any batch is one by itself.
 */
export function batchesOfHomes(
  homes: readonly HomeToJudge[],
  now: Date,
  { homes: mostHomes, days: mostDays }: BatchBounds,
): HomeToJudge[][] {
  const batches: HomeToJudge[][] = [];
  let days = Infinity;
  for (const home of homes) {
    const its = Math.max(0, now.getTime() - home.changedFrom.getTime()) / DAY_MS;
    const open = batches.at(-1);
    if (open && open.length < mostHomes && days + its <= mostDays) {
      open.push(home);
      days += its;
    } else {
      batches.push([home]);
      days = its;
    }
  }
  return batches;
}
