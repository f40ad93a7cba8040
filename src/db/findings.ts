import { z } from 'zod';
import { type Episode, type FindingName, isFindingName } from '../domain/alerting/finding.ts';
import { type Db, execute, many, one, sql } from './sql.ts';

const standingRow = z.object({
  id: z.number(),
  householdId: z.number(),
  detector: z.string().refine(isFindingName),
  beganAt: z.date(),
  endedAt: z.date().nullable(),
  alertId: z.number().nullable(),
});

/** A finding that has not been withdrawn. */
export type StandingFinding = z.output<typeof standingRow>;

/** The findings of these homes that stood at or after each home's time: open ones, and those that ended since. */
export function standingFindings(
  db: Db,
  requests: readonly { readonly householdId: number; readonly since: Date }[],
): Promise<StandingFinding[]> {
  return many(
    db,
    standingRow,
    sql`
      select finding.id, finding.household_id as "householdId", finding.detector, finding.began_at as "beganAt",
             finding.ended_at as "endedAt", finding.alert_id as "alertId"
      from unnest(${requests.map(({ householdId }) => householdId)}::bigint[],
                  ${requests.map(({ since }) => since)}::timestamptz[]) as request (household_id, since)
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

/** Keeps a new finding; one that begins at the same moment as a standing one is that one. */
export async function insertFinding(tx: Db, finding: NewFinding, at: Date): Promise<number> {
  const { householdId, detector, detectorVersion, episode } = finding;
  const { id } = await one(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into finding (household_id, detector, detector_version, began_at, ended_at, evidence, found_at)
      values (${householdId}, ${detector}, ${detectorVersion}, ${new Date(episode.beganAtMs)},
              ${episode.endedAtMs === undefined ? null : new Date(episode.endedAtMs)},
              ${JSON.stringify(episode.evidence)}, ${at})
      on conflict (household_id, detector, began_at) where withdrawn_at is null
        do update set ended_at = excluded.ended_at
      returning id
    `,
  );
  return id;
}

/** Late or further readings moved the beginning or the end of a finding. */
export async function moveFinding(tx: Db, id: number, episode: Episode): Promise<void> {
  await execute(
    tx,
    sql`
      update finding
      set began_at = ${new Date(episode.beganAtMs)}, evidence = ${JSON.stringify(episode.evidence)},
          ended_at = ${episode.endedAtMs === undefined ? null : new Date(episode.endedAtMs)}
      where id = ${id}
    `,
  );
}

/** Ends a finding, in the meter's time, or opens it again. Its beginning and its figures stay. */
export async function endFinding(tx: Db, id: number, endedAtMs: number | undefined): Promise<void> {
  const endedAt = endedAtMs === undefined ? null : new Date(endedAtMs);
  await execute(tx, sql`update finding set ended_at = ${endedAt} where id = ${id}`);
}

/** Late readings show that a finding was never true. It is kept, marked as withdrawn. */
export async function withdrawFinding(tx: Db, id: number, at: Date): Promise<void> {
  await execute(tx, sql`update finding set withdrawn_at = ${at} where id = ${id}`);
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
