import { homesOfArea } from '../../db/area-homes.ts';
import { groupByHome } from '../../db/group-by-home.ts';
import { excusesOf, type HomeRow, readMeterSeries, watchedHomes } from '../../db/home-series.ts';
import type { Db } from '../../db/sql.ts';
import { NO_HABIT } from '../../domain/habit/home-habit.ts';
import { knownCalendars } from '../../domain/known-calendars.ts';
import { DAY_MS } from '../../domain/time.ts';
import { homeSeries, type HomeSeries } from '../home-series.ts';
import { lookbackMsOf } from '../judge-home.ts';
import { meterSeries } from '../meter-series.ts';
import { asksForHabit, policyOf, type TierPolicies } from '../tier-policy.ts';
import { alarmsOf, type HomeAlarms, unknownDays } from './alarms-of.ts';
import { hoursToDetect, type Incident, onsetsOf, type Promptness, promptnessOf } from './inject.ts';

/** Detectors compare a home with what up to 120 days before told of it; all that is stored may be more. */
const LEARNT_DAYS = 120;
/** Building a habit takes the readings of many months: these are not held for many homes at once. */
const HOMES_AT_ONCE = 20;

export interface BacktestOptions {
  readonly at: Date;
  /** So many days up to `at` are replayed. */
  readonly days: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a policy would have cost, and how soon it would have found what went wrong. */
export interface BacktestResult {
  readonly homes: readonly HomeAlarms[];
  readonly promptness: readonly Promptness[];
}

/** Incidents of each kind a home. */
const INCIDENTS_A_HOME = 4;

/**
 * Replays the stored readings of every home under watch under a policy, and says when it would have alarmed. It is causal:
 * what a rule says of a moment rests on readings up to it alone. Absences and home checks of that time are kept as they
 * were. Into each home's past incidents are put, to see how soon they are found. Nothing is written.
 */
export async function backtest(
  db: Db,
  policies: TierPolicies,
  { at, days, onProgress }: BacktestOptions,
): Promise<BacktestResult> {
  const ids = await homesOfArea(db, { kind: 'everywhere', name: '' }, at);
  const alarms: HomeAlarms[] = [];
  const found = new Map<Incident, (number | undefined)[]>([
    ['stop', []],
    ['tap', []],
  ]);
  for (let done = 0; done < ids.length; done += HOMES_AT_ONCE) {
    const homes = await watchedHomes(db, ids.slice(done, done + HOMES_AT_ONCE), at);
    const fromMs = at.getTime() - days * DAY_MS;
    for (const { home, series } of await loadSeries(db, homes, policies, fromMs, at)) {
      const judged = { fromMs, untilMs: at.getTime() };
      alarms.push({
        tier: home.tier,
        days: days - unknownDays(series, judged),
        alarms: alarmsOf(series, policyOf(policies, home)),
      });
      for (const onsetMs of onsetsOf(series, fromMs, INCIDENTS_A_HOME)) {
        for (const [incident, hours] of found) {
          hours.push(hoursToDetect(series, policyOf(policies, home), { incident, onsetMs }));
        }
      }
    }
    onProgress?.(Math.min(done + HOMES_AT_ONCE, ids.length), ids.length);
  }
  return { homes: alarms, promptness: [...found].map(([incident, hours]) => promptnessOf(incident, hours)) };
}

async function loadSeries(
  db: Db,
  homes: readonly HomeRow[],
  policies: TierPolicies,
  judgedFromMs: number,
  at: Date,
): Promise<{ home: HomeRow; series: HomeSeries }[]> {
  const calendarOf = knownCalendars();
  const requests = homes.map((home) => {
    const { householdId } = home;
    const policy = policyOf(policies, home);
    const learntMs = asksForHabit(policy) ? LEARNT_DAYS * DAY_MS : 0;
    return { householdId, since: new Date(judgedFromMs - learntMs - lookbackMsOf(policy)) };
  });
  const meters = groupByHome(await readMeterSeries(db, requests, at));
  const excuses = groupByHome(await excusesOf(db, requests));
  return homes.map((home) => {
    const excusing = excuses.get(home.householdId) ?? [];
    const series = homeSeries({
      meters: (meters.get(home.householdId) ?? []).map(meterSeries),
      excuses: excusing.map(({ kind, fromAt, untilAt }) => ({
        kind,
        fromMs: fromAt.getTime(),
        untilMs: untilAt.getTime(),
      })),
      calendar: calendarOf(home.timeZone),
      habit: asksForHabit(policyOf(policies, home)) ? NO_HABIT : undefined,
      judgedFromMs,
    });
    return { home, series };
  });
}
