import { type StandingFinding, standingFindings } from '../db/findings.ts';
import {
  type ExcuseRow,
  excusesOf,
  type HomeRow,
  type MeterReadings,
  readMeterSeries,
  watchedHomes,
} from '../db/home-series.ts';
import type { Db } from '../db/sql.ts';
import { localCalendar } from '../domain/local-calendar.ts';
import { intervalsOf } from '../domain/metering/interval-consumption.ts';
import { litres } from '../domain/metering/units.ts';
import { SECOND_MS } from '../domain/time.ts';
import { type Excuse, type HomeSeries, homeSeries, type MeterSeries } from './home-series.ts';
import { lookbackMsOf, type MeterHeard } from './judge-home.ts';
import type { TierPolicies } from './tier-policy.ts';

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
  readonly standing: readonly StandingFinding[];
  readonly absences: readonly ExcuseRow[];
}

/**
 * Loads homes with the readings that their changes touch: from the earliest change, or the beginning of a finding that
 * stood then, less what the rules look back. A fixed number of statements, however many homes there are.
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
  const standing = groupByHome(
    await standingFindings(
      db,
      homes.map((home) => ({ householdId: home.householdId, since: since(home) })),
    ),
  );
  const frames = homes.map((home) => {
    const findings = standing.get(home.householdId) ?? [];
    const judgedFromMs = Math.min(since(home).getTime(), ...findings.map(({ beganAt }) => beganAt.getTime()));
    const loadFrom = new Date(judgedFromMs - lookbackMsOf(policies[home.tier]));
    return { home, findings, judgedFromMs, loadFrom };
  });
  const requests = frames.map(({ home, loadFrom }) => ({ householdId: home.householdId, since: loadFrom }));
  const excuses = groupByHome(await excusesOf(db, requests));
  const meters = groupByHome(await readMeterSeries(db, requests, now));

  return frames.map(({ home, findings, judgedFromMs }) => {
    const readings = meters.get(home.householdId) ?? [];
    const excusing = excuses.get(home.householdId) ?? [];
    return {
      ...home,
      changedFrom: since(home),
      series: homeSeries({
        meters: readings.map(meterSeries),
        calendar: localCalendar(home.timeZone),
        excuses: excusing.map(excuseOf),
        knownUseMs: home.lastUseAt?.getTime(),
        judgedFromMs,
      }),
      heard: readings.filter(({ boundUntil }) => boundUntil === null || boundUntil > now).map(meterHeard),
      standing: findings,
      absences: excusing.filter(({ kind }) => kind === 'absence'),
    };
  });
}

function excuseOf({ kind, fromAt, untilAt }: ExcuseRow): Excuse {
  return { kind, fromMs: fromAt.getTime(), untilMs: untilAt.getTime() };
}

function meterSeries(row: MeterReadings): MeterSeries {
  const { meterId, nominalIntervalS, registerCapacityL, readAtMs, indexL, boundFrom, boundUntil } = row;
  const readings = readAtMs.map((atMs, i) => ({ readAtMs: atMs, indexLitres: litres(indexL[i] ?? 0) }));
  const traits = {
    nominalIntervalMs: nominalIntervalS * SECOND_MS,
    registerCapacityLitres: registerCapacityL === null ? undefined : litres(registerCapacityL),
  };
  return {
    meterId,
    boundFromMs: boundFrom.getTime(),
    boundUntilMs: boundUntil?.getTime() ?? Infinity,
    intervals: intervalsOf(readings, traits),
  };
}

function meterHeard({ meterId, lastReceivedAt, boundFrom }: MeterReadings): MeterHeard {
  return { meterId, lastHeardMs: (lastReceivedAt ?? boundFrom).getTime() };
}

function groupByHome<Row extends { readonly householdId: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const grouped = new Map<number, Row[]>();
  for (const row of rows) {
    const group = grouped.get(row.householdId);
    if (group) group.push(row);
    else grouped.set(row.householdId, [row]);
  }
  return grouped;
}
