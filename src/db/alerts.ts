import { z } from 'zod';
import { absent } from './absent.ts';
import { type Alert, ALERT_STATES, CLOSE_OUTCOMES } from '../domain/alerting/alert.ts';
import { CHANNELS } from '../domain/alerting/channel.ts';
import { POLICY_DEFAULTS, ROLES } from '../domain/alerting/escalation-policy.ts';
import {
  detectorOf,
  type Evidence,
  isFindingName,
  SEVERITIES,
  WELFARE_DETECTORS,
  type WelfareDetector,
} from '../domain/alerting/finding.ts';
import { CAUSES } from '../domain/alerting/outcome.ts';
import { evidenceColumn } from './evidence.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

const policy = z.object({
  name: z.string(),
  steps: z.array(
    z.object({
      afterMinutes: z.number(),
      ask: z.array(z.object({ role: z.enum(ROLES), position: z.union([z.number(), z.literal('all')]) })),
      channels: z.array(z.enum(CHANNELS)).optional(),
    }),
  ),
  repeatLastEveryMinutes: z.number(),
  claimLapsesAfterMinutes: z.number(),
  acknowledgementsNeeded: z.number().default(POLICY_DEFAULTS.acknowledgementsNeeded),
  longestSnoozeMinutes: z.number().default(POLICY_DEFAULTS.longestSnoozeMinutes),
  confirmRecovery: z.boolean().default(POLICY_DEFAULTS.confirmRecovery),
  recoveryClosesAfterHours: z.number().default(POLICY_DEFAULTS.recoveryClosesAfterHours),
});

const alertRow = z
  .object({
    id: z.number(),
    householdId: z.number(),
    detector: z.enum(WELFARE_DETECTORS),
    state: z.enum(ALERT_STATES),
    severity: z.enum(SEVERITIES),
    policy,
    step: z.number(),
    nextStepAt: absent(z.date()),
    openedAt: z.date(),
    recoveredAt: absent(z.date()),
    claimedBy: absent(z.number()),
    claimedAt: absent(z.date()),
    acknowledgements: z.array(z.object({ by: z.number(), atMs: z.number() })),
    snoozedUntil: absent(z.date()),
    snoozedBy: absent(z.number()),
    reopenedAt: absent(z.date()),
    closedAt: absent(z.date()),
    closeOutcome: absent(z.enum(CLOSE_OUTCOMES)),
    closeCause: absent(z.enum(CAUSES)),
  })
  .readonly();

/** An alert as it is stored. */
export type StoredAlert = z.output<typeof alertRow>;

export interface NewAlert {
  readonly householdId: number;
  readonly detector: WelfareDetector;
  readonly detectorVersion: number;
  readonly evidence: Evidence;
  readonly alert: Alert;
  readonly openedAt: Date;
}

/**
 * Opens alerts, each of another home. Yields their numbers by home: a home that has one already, perhaps since a moment
 * ago, is not among them.
 */
export async function insertAlerts(tx: Db, fresh: readonly NewAlert[]): Promise<ReadonlyMap<number, number>> {
  const rows = await many(
    tx,
    z.object({ id: z.number(), householdId: z.number() }),
    sql`
      insert into alert (household_id, state, severity, detector, detector_version, evidence, policy, step,
                         next_step_at, opened_at)
      select * from unnest(
        ${fresh.map(({ householdId }) => householdId)}::bigint[], ${fresh.map(({ alert }) => alert.state)}::text[],
        ${fresh.map(({ alert }) => alert.severity)}::text[], ${fresh.map(({ detector }) => detector)}::text[],
        ${fresh.map(({ detectorVersion }) => detectorVersion)}::integer[],
        ${fresh.map(({ evidence }) => JSON.stringify(evidence))}::jsonb[],
        ${fresh.map(({ alert }) => JSON.stringify(alert.policy))}::jsonb[],
        ${fresh.map(({ alert }) => alert.step)}::integer[],
        ${fresh.map(({ alert }) => alert.nextStepAt ?? null)}::timestamptz[],
        ${fresh.map(({ openedAt }) => openedAt)}::timestamptz[])
      on conflict (household_id) where state <> 'closed' do nothing
      returning id, household_id as "householdId"
    `,
  );
  return new Map(rows.map(({ id, householdId }) => [householdId, id]));
}

/** The figures that the alert gives as its reason; undefined where a detector of another version wrote others. */
export async function evidenceOf(db: Db, alertId: number): Promise<Evidence | undefined> {
  const row = z.object({ evidence: evidenceColumn });
  return (await maybeOne(db, row, sql`select evidence from alert where id = ${alertId}`))?.evidence;
}

/** These alerts, locked until the transaction ends, in the order of their numbers. */
export function lockAlerts(tx: Db, alertIds: readonly number[]): Promise<StoredAlert[]> {
  return many(
    tx,
    alertRow,
    sql`
      select id, household_id as "householdId", detector, state, severity, policy, step, next_step_at as "nextStepAt",
             opened_at as "openedAt", recovered_at as "recoveredAt", claimed_by as "claimedBy",
             claimed_at as "claimedAt", acknowledgements, snoozed_until as "snoozedUntil", snoozed_by as "snoozedBy",
             reopened_at as "reopenedAt", closed_at as "closedAt", close_outcome as "closeOutcome",
             close_cause as "closeCause"
      from alert where id = any (${alertIds})
      order by id
      for update
    `,
  );
}

/** The alert, locked until the transaction ends. */
export async function lockAlert(tx: Db, alertId: number): Promise<StoredAlert | undefined> {
  const [alert] = await lockAlerts(tx, [alertId]);
  return alert;
}

/** Of these alerts, those in which nobody else is at work at this moment, locked until the transaction ends. */
export async function lockFreeAlerts(tx: Db, alertIds: readonly number[]): Promise<StoredAlert[]> {
  const free = await many(
    tx,
    z.object({ id: z.number() }),
    sql`select id from alert where id = any (${alertIds}) order by id for update skip locked`,
  );
  return lockAlerts(
    tx,
    free.map(({ id }) => id),
  );
}

/** The home's alert that is not closed, if there is one. Look again under a lock before acting on it. */
export async function openAlertOf(db: Db, householdId: number): Promise<number | undefined> {
  const row = await maybeOne(
    db,
    z.object({ id: z.number() }),
    sql`select id from alert where household_id = ${householdId} and state <> 'closed'`,
  );
  return row?.id;
}

/** Another finding of the alert becomes the reason that it gives. */
export async function giveReason(
  tx: Db,
  alertId: number,
  { evidence, detectorVersion }: Pick<NewAlert, 'evidence' | 'detectorVersion'>,
): Promise<void> {
  await execute(
    tx,
    sql`
      update alert
      set detector = ${evidence.detector}, detector_version = ${detectorVersion}, evidence = ${JSON.stringify(evidence)}
      where id = ${alertId}
    `,
  );
}

/** The detectors whose standing findings an alert rests on. */
export async function detectorsBehind(db: Db, alertId: number): Promise<WelfareDetector[]> {
  const rows = await many(
    db,
    z.object({ detector: z.string().refine(isFindingName) }),
    sql`select distinct detector from finding where alert_id = ${alertId} and withdrawn_at is null order by detector`,
  );
  return rows.map(({ detector }) => detectorOf(detector));
}

/** An alert and what a transition made of it. */
export interface ChangedAlert {
  readonly alertId: number;
  readonly alert: Alert;
}

/** Writes what transitions changed, each of another alert. */
export async function saveAlerts(tx: Db, changed: readonly ChangedAlert[]): Promise<void> {
  if (changed.length === 0) return;
  await execute(
    tx,
    sql`
      update alert
      set state = next.state, severity = next.severity, step = next.step, next_step_at = next."nextStepAt",
          recovered_at = next."recoveredAt", claimed_by = next."claimedBy", claimed_at = next."claimedAt",
          acknowledgements = next.acknowledgements, snoozed_until = next."snoozedUntil",
          snoozed_by = next."snoozedBy", reopened_at = next."reopenedAt", closed_at = next."closedAt",
          close_outcome = next."closeOutcome", close_cause = next."closeCause"
      from jsonb_to_recordset(${JSON.stringify(changed.map(({ alertId, alert }) => ({ ...alert, policy: undefined, alertId })))}::jsonb)
        as next ("alertId" bigint, state text, severity text, step integer, "nextStepAt" timestamptz,
                 "recoveredAt" timestamptz, "claimedBy" bigint, "claimedAt" timestamptz, acknowledgements jsonb,
                 "snoozedUntil" timestamptz, "snoozedBy" bigint, "reopenedAt" timestamptz, "closedAt" timestamptz,
                 "closeOutcome" text, "closeCause" text)
      where alert.id = next."alertId"
    `,
  );
}

/** Writes what a transition changed. */
export function saveAlert(tx: Db, alertId: number, alert: Alert): Promise<void> {
  return saveAlerts(tx, [{ alertId, alert }]);
}

/** Alerts whose next step is due, the longest overdue first. */
export async function dueAlertIds(db: Db, at: Date, limit: number): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ id: z.number() }),
    sql`select id from alert where state <> 'closed' and next_step_at <= ${at} order by next_step_at limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes the next step due now, unless somebody is on the way, the alert is put off, or the last step, which repeats by itself, has been
 * reached. A wrong number at the desk must not turn into a text a second.
 */
export async function bringNextStepForward(db: Db, alertId: number, at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update alert set next_step_at = ${at}
      where id = ${alertId} and state = 'open' and next_step_at > ${at} and snoozed_until is null
        and step < jsonb_array_length(policy -> 'steps') - 1
    `,
  );
}
