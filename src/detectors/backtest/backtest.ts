import { homesOfArea } from '../../db/area-homes.ts';
import { groupByHome } from '../../db/group-by-home.ts';
import { excusesOf, type HomeRow, readMeterSeries, watchedHomes } from '../../db/home-series.ts';
import type { Db } from '../../db/sql.ts';
import { EVERYWHERE } from '../../domain/area/area-scope.ts';
import { NO_HABIT } from '../../domain/habit/home-habit.ts';
import { knownCalendars } from '../../domain/known-calendars.ts';
import { intervalsOf } from '../../domain/metering/interval-consumption.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { homeSeries, type HomeSeries } from '../home-series.ts';
import { lookbackMsOf } from '../judge-home.ts';
import { meterSeries } from '../meter-series.ts';
import { armDetectors } from '../registry.ts';
import { asksForHabit, policyOf, type TierPolicies } from '../tier-policy.ts';
import { alarmsOf, type HomeAlarms, unknownDays } from './alarms-of.ts';
import type { Mark } from './draw-curve.ts';
import { comparison } from './field-rules.ts';
import { hoursToDetect, INCIDENTS, type Incident, onsetsOf, type Promptness, promptnessOf } from './inject.ts';
import type { RecordedHome } from './read-homes.ts';

/** Detectors compare a home with what up to 120 days before told of it; all that is stored may be more. */
const LEARNT_DAYS = 120;
/** Building a habit takes the readings of many months: these are not held for many homes at once. */
const HOMES_AT_ONCE = 20;
/** Of a home that nobody gave a tier. */
const USUAL_TIER = 2;

export interface BacktestOptions {
  /** So many days up to the end of the readings, or up to now, are replayed. */
  readonly days: number;
  /** Whether the field's fixed rules are replayed as well, which takes three times as long. */
  readonly isCompared?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A home with the readings it is judged by and those it is known by. */
export interface ReplayedHome {
  readonly home: Pick<HomeRow, 'tier' | 'communities'>;
  readonly series: HomeSeries;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Homes to be replayed, and how many there are. */
export interface ReplayedHomes {
  readonly total: number;
  readonly homes: AsyncIterable<ReplayedHome> | Iterable<ReplayedHome>;
}

/** What a policy would have cost, and how soon it would have found what went wrong. */
export interface BacktestResult {
  readonly homes: readonly HomeAlarms[];
  readonly promptness: readonly Promptness[];
  /** Each tier of the policy on every home, and the field's fixed rules; empty when nothing was to be compared. */
  readonly marks: readonly Mark[];
}

/** Incidents of each kind a home. */
const INCIDENTS_A_HOME = 4;

/**
 * Replays homes under a policy, and says when it would have alarmed. It is causal: what a rule says of a moment rests on
 * readings up to it alone. Into each home's past incidents are put, to see how soon they are found. Nothing is written.
 */
export async function backtest(
  { homes, total }: ReplayedHomes,
  policies: TierPolicies,
  { isCompared = false, onProgress }: Omit<BacktestOptions, 'days'>,
): Promise<BacktestResult> {
  const alarms: HomeAlarms[] = [];
  const incidents = Object.keys(INCIDENTS) as Incident[];
  const found = new Map<Incident, (number | undefined)[]>(incidents.map((incident) => [incident, []]));
  const compared = isCompared ? comparison(policies) : undefined;
  for await (const { home, series, fromMs, untilMs } of homes) {
    const policy = policyOf(policies, home);
    const days = (untilMs - fromMs) / DAY_MS - unknownDays(series, { fromMs, untilMs });
    const detectors = armDetectors(policy).map(({ name }) => name);
    alarms.push({ tier: home.tier, days, detectors, alarms: alarmsOf(series, policy) });
    const onsetsMs = onsetsOf(series, fromMs, INCIDENTS_A_HOME);
    for (const [incident, hours] of found) {
      hours.push(...onsetsMs.map((onsetMs) => hoursToDetect(series, policy, { incident, onsetMs })));
    }
    compared?.add(series, days, onsetsMs);
    onProgress?.(alarms.length, total);
  }
  return {
    homes: alarms,
    promptness: [...found].map(([incident, hours]) => promptnessOf(incident, hours)),
    marks: compared?.marks() ?? [],
  };
}

/** The homes under watch with their stored readings. Absences and home checks of that time are kept as they were. */
export async function storedHomes(
  db: Db,
  policies: TierPolicies,
  { at, days }: { readonly at: Date; readonly days: number },
): Promise<ReplayedHomes> {
  const ids = await homesOfArea(db, EVERYWHERE, at);
  const untilMs = at.getTime();
  const fromMs = untilMs - days * DAY_MS;
  async function* homes(): AsyncGenerator<ReplayedHome> {
    for (let done = 0; done < ids.length; done += HOMES_AT_ONCE) {
      const rows = await watchedHomes(db, ids.slice(done, done + HOMES_AT_ONCE), at);
      for (const { home, series } of await loadSeries(db, rows, policies, fromMs, at)) {
        yield { home, series, fromMs, untilMs };
      }
    }
  }
  return { total: ids.length, homes: homes() };
}

/** Homes of a recording, each replayed for so many days up to its last reading. */
export function recordedHomes(
  recordings: readonly RecordedHome[],
  policies: TierPolicies,
  { days, zone }: { readonly days: number; readonly zone: string },
): ReplayedHomes {
  const calendar = knownCalendars()(zone);
  const traits = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };
  function* homes(): Generator<ReplayedHome> {
    for (const { readings, tier = USUAL_TIER } of recordings) {
      const home = { tier, communities: [] };
      const untilMs = readings.at(-1)?.readAtMs ?? 0;
      const fromMs = Math.max(readings[0]?.readAtMs ?? 0, untilMs - days * DAY_MS);
      const intervals = intervalsOf(readings, traits);
      const series = homeSeries({
        meters: [{ meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity, intervals }],
        excuses: [],
        calendar,
        habit: asksForHabit(policyOf(policies, home)) ? NO_HABIT : undefined,
        judgedFromMs: fromMs,
      });
      yield { home, series, fromMs, untilMs };
    }
  }
  return { total: recordings.length, homes: homes() };
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
