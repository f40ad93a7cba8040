import type { HomeToRollUp } from '../../db/roll-up-notes.ts';
import { DAY_MS } from '../../domain/time.ts';

/** Some hundred thousand hourly readings: what one statement loads in seconds and the process holds with ease. */
const HOME_DAYS_AT_ONCE = 5_000;

/** Divides homes into shares of about the same work: many with a day to add up, or a few with a year. */
export function* slicesOf(homes: readonly HomeToRollUp[], now: Date, keptDays: number): Generator<HomeToRollUp[]> {
  let slice: HomeToRollUp[] = [];
  let days = 0;
  for (const home of homes) {
    slice.push(home);
    days += 2 + Math.min(keptDays, (now.getTime() - home.changedFrom.getTime()) / DAY_MS);
    if (days < HOME_DAYS_AT_ONCE) continue;
    yield slice;
    slice = [];
    days = 0;
  }
  if (slice.length > 0) yield slice;
}
