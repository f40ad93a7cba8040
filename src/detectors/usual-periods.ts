import type { MeterReadings } from '../db/home-series.ts';
import { learnPeriods, metersToLearn, type PeriodLearning } from '../db/meter-periods.ts';
import type { Db } from '../db/sql.ts';
import { USUAL_PERIOD } from '../domain/metering/usual-period.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../domain/time.ts';

const LEARN_AGAIN_MS = DAY_MS;

/** A meter at a home, and for how many hours the policy there waits for one. */
export interface AwaitedMeter {
  readonly meter: MeterReadings;
  readonly afterHours: number;
}

/**
 * How long meters usually leave between two uploads, in milliseconds, by meter. It is learned only of those that have not
 * been heard of for as long as the policy waits, or whose newest reading is as old, and once a day at most: hourly meters
 * that are well cost nothing.
 */
export async function usualPeriods(
  db: Db,
  awaited: readonly AwaitedMeter[],
  now: Date,
): Promise<ReadonlyMap<number, number>> {
  const periods = new Map<number, number>();
  for (const { meter } of awaited) note(periods, meter);
  const inDoubt = awaited.filter(
    ({ meter, afterHours }) => isOverdue(meter, afterHours, now) && isUnlearned(meter, now),
  );
  if (inDoubt.length === 0) return periods;
  const ids = inDoubt.map(({ meter }) => meter.meterId);
  for (const learned of await learnPeriods(db, ids, learningAt(now))) note(periods, learned);
  return periods;
}

/** So many at a time: what is waiting is learned a minute later. */
const LEARNED_AT_ONCE = 5_000;

/** Learns of meters that have not been heard of since a time how often they usually are, so that an area is not taken for out. */
export async function learnSilentMeters(db: Db, silentSince: Date, now: Date): Promise<void> {
  const ids = await metersToLearn(db, { at: now, silentSince, limit: LEARNED_AT_ONCE });
  if (ids.length > 0) await learnPeriods(db, ids, learningAt(now));
}

function learningAt(now: Date): PeriodLearning {
  const { days, share, leastGaps } = USUAL_PERIOD;
  return { since: new Date(now.getTime() - days * DAY_MS), at: now, share, leastGaps };
}

function note(periods: Map<number, number>, { meterId, periodS }: Pick<MeterReadings, 'meterId' | 'periodS'>): void {
  if (periodS !== null) periods.set(meterId, periodS * SECOND_MS);
}

function isOverdue({ lastReceivedAt, readAtMs }: MeterReadings, afterHours: number, now: Date): boolean {
  const oldestMs = Math.min(lastReceivedAt?.getTime() ?? Infinity, readAtMs.at(-1) ?? Infinity);
  return now.getTime() - oldestMs >= afterHours * HOUR_MS;
}

function isUnlearned({ periodLearnedAt }: MeterReadings, now: Date): boolean {
  return periodLearnedAt === null || now.getTime() - periodLearnedAt.getTime() >= LEARN_AGAIN_MS;
}
