import { z } from 'zod';
import { type Episode, type FindingName, isFindingName } from '../domain/alerting/finding.ts';
import { evidenceColumn } from './evidence.ts';
import { type Db, execute, many, sql } from './sql.ts';

const standingRow = z.object({
  id: z.number(),
  householdId: z.number(),
  detector: z.string().refine(isFindingName),
  beganAt: z.date(),
  endedAt: z.date().nullable(),
  alertId: z.number().nullable(),
  /** The figures at its beginning, where that lies long before the home's time. */
  evidence: evidenceColumn,
});

/** A finding that has not been withdrawn. */
export type StandingFinding = z.output<typeof standingRow>;

export interface StandingRequest {
  readonly householdId: number;
  readonly since: Date;
  /** Findings that began before this are wanted with their figures. */
  readonly longBefore?: Date;
}

/** The findings of these homes that stood at or after each home's time: open ones, and those that ended since. */
export function standingFindings(db: Db, requests: readonly StandingRequest[]): Promise<StandingFinding[]> {
  return many(
    db,
    standingRow,
    sql`
      select finding.id, finding.household_id as "householdId", finding.detector, finding.began_at as "beganAt",
             finding.ended_at as "endedAt", finding.alert_id as "alertId",
             case when finding.began_at < request.long_before then finding.evidence end as evidence
      from unnest(${requests.map(({ householdId }) => householdId)}::bigint[],
                  ${requests.map(({ since }) => since)}::timestamptz[],
                  ${requests.map(({ longBefore }) => longBefore ?? null)}::timestamptz[])
           as request (household_id, since, long_before)
      join finding on finding.household_id = request.household_id and finding.withdrawn_at is null
        and (finding.ended_at is null or finding.ended_at >= request.since)
      order by finding.household_id, finding.began_at
    `,
  );
}

export interface NewFinding {
  readonly householdId: number;
  readonly detector: FindingName;
  readonly detectorVersion: number;
  readonly episode: Episode;
}

const insertedRow = z.object({ householdId: z.number(), detector: z.string(), beganAt: z.date(), id: z.number() });

/**
 * Keeps new findings; one that begins at the same moment as a standing one is that one. Returns their numbers in the same
 * order. No two of them may begin at the same moment for the same home and detector.
 */
export async function insertFindings(tx: Db, findings: readonly NewFinding[], at: Date): Promise<number[]> {
  const rows = await many(
    tx,
    insertedRow,
    sql`
      insert into finding (household_id, detector, detector_version, began_at, ended_at, evidence, found_at)
      select household_id, detector, detector_version, began_at, ended_at, evidence::jsonb, ${at}
      from unnest(${findings.map(({ householdId }) => householdId)}::bigint[],
                  ${findings.map(({ detector }) => detector)}::text[],
                  ${findings.map(({ detectorVersion }) => detectorVersion)}::integer[],
                  ${findings.map(({ episode }) => new Date(episode.beganAtMs))}::timestamptz[],
                  ${findings.map(({ episode }) => timeOf(episode.endedAtMs))}::timestamptz[],
                  ${findings.map(({ episode }) => JSON.stringify(episode.evidence))}::text[])
           as found (household_id, detector, detector_version, began_at, ended_at, evidence)
      on conflict (household_id, detector, began_at) where withdrawn_at is null
        do update set ended_at = excluded.ended_at
      returning household_id as "householdId", detector, began_at as "beganAt", id
    `,
  );
  const nameOf = (householdId: number, detector: string, beganAtMs: number) =>
    `${householdId} ${detector} ${beganAtMs}`;
  const ids = new Map(rows.map((row) => [nameOf(row.householdId, row.detector, row.beganAt.getTime()), row.id]));
  return findings.map(({ householdId, detector, episode }) => {
    const id = ids.get(nameOf(householdId, detector, episode.beganAtMs));
    if (id === undefined) throw new Error('a finding was not kept');
    return id;
  });
}

export interface MovedFinding {
  readonly id: number;
  readonly episode: Episode;
}

/** Late or further readings moved the beginnings or the ends of findings. */
export async function moveFindings(tx: Db, moved: readonly MovedFinding[]): Promise<void> {
  await execute(
    tx,
    sql`
      update finding set began_at = moved.began_at, evidence = moved.evidence::jsonb, ended_at = moved.ended_at
      from unnest(${moved.map(({ id }) => id)}::bigint[],
                  ${moved.map(({ episode }) => new Date(episode.beganAtMs))}::timestamptz[],
                  ${moved.map(({ episode }) => timeOf(episode.endedAtMs))}::timestamptz[],
                  ${moved.map(({ episode }) => JSON.stringify(episode.evidence))}::text[])
           as moved (id, began_at, ended_at, evidence)
      where finding.id = moved.id
    `,
  );
}

export interface EndedFinding {
  readonly id: number;
  /** Milliseconds since 1970; undefined where it is open again. */
  readonly endedAtMs: number | undefined;
}

/** Ends findings, in the meter's time, or opens them again. Their beginnings and their figures stay. */
export async function endFindings(tx: Db, ended: readonly EndedFinding[]): Promise<void> {
  await execute(
    tx,
    sql`
      update finding set ended_at = ended.at
      from unnest(${ended.map(({ id }) => id)}::bigint[],
                  ${ended.map(({ endedAtMs }) => timeOf(endedAtMs))}::timestamptz[]) as ended (id, at)
      where finding.id = ended.id
    `,
  );
}

/** Late readings show that findings were never true. They are kept, marked as withdrawn. */
export async function withdrawFindings(tx: Db, ids: readonly number[], at: Date): Promise<void> {
  await execute(tx, sql`update finding set withdrawn_at = ${at} where id = any (${ids})`);
}

function timeOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}

/** A finding and the alert that it opened or joined. */
export interface FindingOfAlert {
  readonly findingId: number;
  readonly alertId: number;
}

/** Ties findings to the alerts that they opened or joined. Returns how many were not tied to them already. */
export function linkFindingsToAlerts(tx: Db, links: readonly FindingOfAlert[]): Promise<number> {
  return execute(
    tx,
    sql`
      update finding set alert_id = link.alert_id
      from unnest(${links.map(({ findingId }) => findingId)}::bigint[],
                  ${links.map(({ alertId }) => alertId)}::bigint[]) as link (finding_id, alert_id)
      where finding.id = link.finding_id and finding.alert_id is distinct from link.alert_id
    `,
  );
}

/** Ties a finding to the alert it opened or joined. Returns false when it was tied already. */
export async function linkFindingToAlert(tx: Db, findingId: number, alertId: number): Promise<boolean> {
  return (await linkFindingsToAlerts(tx, [{ findingId, alertId }])) > 0;
}

const reviewRow = z.object({
  alertId: z.number(),
  open: z.number(),
  standing: z.number(),
  recovered: z.boolean(),
});

/** How the findings behind an open alert stand now. */
export type AlertReview = z.output<typeof reviewRow>;

/** For each open alert of these homes: how many of its findings still stand, and how many of those still hold. */
export function reviewOpenAlerts(db: Db, householdIds: readonly number[]): Promise<AlertReview[]> {
  return many(
    db,
    reviewRow,
    sql`
      select alert.id as "alertId", alert.recovered_at is not null as recovered,
             count(finding.id) filter (where finding.withdrawn_at is null) as standing,
             count(finding.id) filter (where finding.withdrawn_at is null and finding.ended_at is null) as open
      from alert
      join finding on finding.alert_id = alert.id
      where alert.household_id = any (${householdIds}) and alert.state <> 'closed'
      group by alert.id
      order by alert.id
    `,
  );
}
