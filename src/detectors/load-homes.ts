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
import { intervalsOf } from '../domain/metering/interval-consumption.ts';
import { litres } from '../domain/metering/units.ts';
import { HOUR_MS, SECOND_MS } from '../domain/time.ts';
import type { Excuse, HomeSeries, MeterSeries } from './detector.ts';
import { lookbackMsOf, type MeterHeard } from './judge-home.ts';
import type { TierPolicies } from './tier-policy.ts';

/** A home that something happened to, and the time from which its readings may have changed. */
export interface HomeToJudge {
  readonly householdId: number;
  readonly changedFrom: Date;
}

/** A home with all that its judgement needs. */
export interface LoadedHome extends HomeRow {
  /** Findings are computed anew from here on; those that began before are over and stay as they are. */
  readonly judgedFrom: Date;
  readonly series: HomeSeries;
  readonly heard: readonly MeterHeard[];
  readonly standing: readonly StandingFinding[];
  readonly absences: readonly ExcuseRow[];
}

/** Readings loaded beyond what the rules look back, so that a gap at the edge is seen whole. */
const MARGIN_MS = 12 * HOUR_MS;

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
  const excuses = groupByHome(await excusesOf(db, ids));

  const frames = homes.map((home) => {
    const findings = standing.get(home.householdId) ?? [];
    const judgedFromMs = Math.min(since(home).getTime(), ...findings.map(({ beganAt }) => beganAt.getTime()));
    const loadFromMs = judgedFromMs - lookbackMsOf(policies[home.tier]) - MARGIN_MS;
    return { home, findings, judgedFrom: new Date(judgedFromMs), since: new Date(loadFromMs) };
  });
  const requests = frames.map(({ home, since: from }) => ({ householdId: home.householdId, since: from }));
  const meters = groupByHome(await readMeterSeries(db, requests, now));

  return frames.map(({ home, findings, judgedFrom }) => {
    const readings = meters.get(home.householdId) ?? [];
    const excusing = excuses.get(home.householdId) ?? [];
    return {
      ...home,
      judgedFrom,
      series: {
        meters: readings.map(meterSeries),
        excuses: excusing.map(excuseOf),
        judgedFromMs: judgedFrom.getTime(),
      },
      heard: readings.filter(({ boundUntil }) => boundUntil === null).map(meterHeard),
      standing: findings,
      absences: excusing.filter(({ kind }) => kind === 'absence'),
    };
  });
}

function excuseOf({ kind, fromAt, untilAt }: ExcuseRow): Excuse {
  return { kind, fromMs: fromAt.getTime(), untilMs: untilAt.getTime() };
}

function meterSeries({ meterId, nominalIntervalS, registerCapacityL, readAtMs, indexL }: MeterReadings): MeterSeries {
  const readings = readAtMs.map((atMs, i) => ({ readAtMs: atMs, indexLitres: litres(indexL[i] ?? 0) }));
  const traits = {
    nominalIntervalMs: nominalIntervalS * SECOND_MS,
    registerCapacityLitres: registerCapacityL === null ? undefined : litres(registerCapacityL),
  };
  return { meterId, intervals: intervalsOf(readings, traits) };
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
