import { DAY_MS } from '../time.ts';

/** Readings that are about to go are no longer added to: a late one would otherwise be taken and deleted in silence. */
const CLOSING_DAYS = 7;

/** Readings taken before this moment may be deleted. */
export function forgottenBeforeMs(nowMs: number, keptDays: number): number {
  return nowMs - keptDays * DAY_MS;
}

/** A reading taken before this moment comes too late to be stored. Without a limit none does. */
export function takenFromMs(nowMs: number, keptDays: number | undefined): number {
  if (keptDays === undefined) return -Infinity;
  return nowMs - (keptDays - CLOSING_DAYS) * DAY_MS;
}

/** The sums of days that began before this moment stand for good: the readings behind them may go at any time. */
export function settledBeforeMs(nowMs: number, keptDays: number): number {
  return nowMs - (keptDays - CLOSING_DAYS + 1) * DAY_MS;
}
