import { type StandingFinding, standingFindings } from '../db/findings.ts';
import { groupByHome } from '../db/group-by-home.ts';
import {
  type ExcuseRow,
  excusesOf,
  type HomeRow,
  type MeterReadings,
  readMeterSeries,
  watchedHomes,
} from '../db/home-series.ts';
import type { WrittenHabit } from '../db/home-habits.ts';
import { learnedOf } from '../db/lessons.ts';
import type { Db } from '../db/sql.ts';
import type { BegunEpisode, FindingName } from '../domain/alerting/finding.ts';
import { DAY_MS, SECOND_MS } from '../domain/time.ts';
import { knownCalendars } from '../domain/known-calendars.ts';
import { type Excuse, type HomeSeries, homeSeries } from './home-series.ts';
import { lookbackMsOf, type MeterHeard } from './judge-home.ts';
import { learned } from './learned.ts';
import { type HabitWanted, loadHabits } from './load-habits.ts';
import { meterSeries } from './meter-series.ts';
import { asksForHabit, policyOf, type TierPolicies, type TierPolicy } from './tier-policy.ts';
import { usualPeriods } from './usual-periods.ts';

/** The days of a place are worked out once for all runs. */
const calendarOf = knownCalendars();

/** A home that something happened to, and the time from which its readings may have changed. */
export interface HomeToJudge {
  readonly householdId: number;
  readonly changedFrom: Date;
}

/** A home with all that its judgement needs. */
export interface LoadedHome extends HomeRow {
  /** The earliest reading that is new: findings that were over by then stay as they are. */
  readonly changedFrom: Date;
  readonly series: HomeSeries;
  readonly heard: readonly MeterHeard[];
  /** The longest time between two readings of its meters when nothing is missing. */
  readonly nominalIntervalMs: number;
  readonly standing: readonly StandingFinding[];
  readonly absences: readonly ExcuseRow[];
  /** Up to when its habit is kept as it is; undefined where it is to be kept anew. */
  readonly habitKeptUntilMs: number | undefined;
  /** How much of its habit is kept and need not be written again. */
  readonly habitWritten: WrittenHabit | undefined;
}

/**
 * What began so long before the earliest change is not judged again: a tap that has run since spring would have all
 * readings since spring read for each new one. Until then a finding follows the rules in force, as they change.
 */
const LONG_MS = 30 * DAY_MS;

/**
 * Loads homes with the readings that their changes touch: from the earliest change, or the beginning of a finding that
 * stood then and is not old, less what the rules look back. A fixed number of statements, however many homes there are,
 * but for homes of which nothing is kept where a habit is asked for.
 */
export async function loadHomes(
  db: Db,
  wanted: readonly HomeToJudge[],
  policies: TierPolicies,
  now: Date,
): Promise<LoadedHome[]> {
  const ids = wanted.map(({ householdId }) => householdId);
  const homes = await watchedHomes(db, ids, now);
  const changedFrom = new Map(wanted.map((home) => [home.householdId, home.changedFrom]));
  const since = ({ householdId }: HomeRow) => changedFrom.get(householdId) ?? now;
  const frames = await framesOf(db, homes, since);
  const habitWanted = ({ home, judgedFromMs }: Frame): HabitWanted => {
    const calendar = calendarOf(home.timeZone);
    // A reading at midnight tells of the day that ends then: that day may be another one now.
    const untilMs = calendar.dayAt(since(home).getTime() - 1).startMs;
    return { householdId: home.householdId, calendar, judgedFromMs, untilMs };
  };
  const comparing = frames.filter(({ home }) => asksForHabit(policyOf(policies, home)));
  const habits = await loadHabits(db, comparing.map(habitWanted), now);
  const requests = frames.map(({ home, judgedFromMs }) => {
    const { householdId } = home;
    const knownUntilMs = habits.get(householdId)?.habit.untilMs ?? -Infinity;
    const neededMs = knownUntilMs === -Infinity ? judgedFromMs : Math.min(judgedFromMs, knownUntilMs);
    return { householdId, since: new Date(neededMs - lookbackMsOf(policyOf(policies, home))) };
  });
  const taught = groupByHome(await learnedOf(db, [...habits.keys()]));
  const excuses = groupByHome(await excusesOf(db, requests));
  const meters = groupByHome(await readMeterSeries(db, requests, now));
  const awaited = homes.flatMap((home) => awaitedMeters(meters.get(home.householdId), policyOf(policies, home), now));
  const periods = await usualPeriods(db, awaited, now);

  return frames.map(({ home, findings, begun, judgedFromMs }) => {
    const known = habits.get(home.householdId);
    const readings = meters.get(home.householdId) ?? [];
    const excusing = excuses.get(home.householdId) ?? [];
    return {
      ...home,
      changedFrom: since(home),
      series: homeSeries({
        meters: readings.map(meterSeries),
        calendar: calendarOf(home.timeZone),
        habit: known?.habit,
        excuses: excusing.map(excuseOf),
        learned: learned(taught.get(home.householdId) ?? [], home.tier),
        knownUseMs: home.lastUseAt?.getTime(),
        judgedFromMs,
        begun,
      }),
      heard: boundNow(readings, now).map((meter) => meterHeard(meter, periods.get(meter.meterId))),
      nominalIntervalMs: Math.max(0, ...readings.map(({ nominalIntervalS }) => nominalIntervalS * SECOND_MS)),
      standing: findings,
      absences: excusing.filter(({ kind }) => kind === 'absence'),
      habitKeptUntilMs: known?.keptUntilMs,
      habitWritten: known?.written,
    };
  });
}

/** A home, what stands of it, and from when on it is judged anew. */
interface Frame {
  readonly home: HomeRow;
  readonly findings: readonly StandingFinding[];
  readonly begun: ReadonlyMap<FindingName, BegunEpisode>;
  readonly judgedFromMs: number;
}

async function framesOf(db: Db, homes: readonly HomeRow[], since: (home: HomeRow) => Date): Promise<Frame[]> {
  const requests = homes.map((home) => {
    const longBefore = new Date(since(home).getTime() - LONG_MS);
    return { householdId: home.householdId, since: since(home), longBefore };
  });
  const standing = groupByHome(await standingFindings(db, requests));
  return homes.map((home) => {
    const findings = standing.get(home.householdId) ?? [];
    const anew = findings.filter(({ evidence }) => evidence === undefined).map(({ beganAt }) => beganAt.getTime());
    const begun = new Map(findings.flatMap(begunLongAgo));
    return { home, findings, begun, judgedFromMs: Math.min(since(home).getTime(), ...anew) };
  });
}

function excuseOf({ kind, fromAt, untilAt }: ExcuseRow): Excuse {
  return { kind, fromMs: fromAt.getTime(), untilMs: untilAt.getTime() };
}

function begunLongAgo({ detector, beganAt, evidence }: StandingFinding): [FindingName, BegunEpisode][] {
  return evidence ? [[detector, { beganAtMs: beganAt.getTime(), evidence }]] : [];
}

function awaitedMeters(readings: readonly MeterReadings[] | undefined, { meterSilent }: TierPolicy, now: Date) {
  return boundNow(readings, now).map((meter) => ({ meter, afterHours: meterSilent.afterHours }));
}

/** The meters that are at a home still. */
function boundNow(readings: readonly MeterReadings[] = [], now: Date): MeterReadings[] {
  return readings.filter(({ boundUntil }) => boundUntil === null || boundUntil > now);
}

function meterHeard({ meterId, lastReceivedAt, boundFrom }: MeterReadings, periodMs: number | undefined): MeterHeard {
  return { meterId, lastHeardMs: (lastReceivedAt ?? boundFrom).getTime(), periodMs };
}
