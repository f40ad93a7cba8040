import { z } from 'zod';
import { absent } from './absent.ts';
import { ALERT_STATES, CLOSE_OUTCOMES } from '../domain/alerting/alert.ts';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { SEVERITIES } from '../domain/alerting/finding.ts';
import { METHODS, OUTCOMES } from '../domain/alerting/outcome.ts';
import { LANGUAGES } from '../domain/language.ts';
import { evidenceColumn } from './evidence.ts';
import { type Db, many, maybeOne, sql } from './sql.ts';

const linkedAlertRow = z
  .object({
    linkId: z.number(),
    alertId: z.number(),
    householdId: z.number(),
    personId: z.number(),
    role: z.enum(ROLES),
    language: z.enum(LANGUAGES),
    homeCode: z.string(),
    timeZone: z.string(),
    residentName: absent(z.string()),
    state: z.enum(ALERT_STATES),
    severity: z.enum(SEVERITIES),
    evidence: evidenceColumn,
    openedAt: z.date(),
    nextStepAt: absent(z.date()),
    recoveredAt: absent(z.date()),
    closedAt: absent(z.date()),
    closeOutcome: absent(z.enum(CLOSE_OUTCOMES)),
  })
  .readonly();

/** An alert as the person sees it whose link was opened. Names are in full here: mask them before they are shown. */
export type LinkedAlert = z.output<typeof linkedAlertRow>;

/** The alert behind a link, and whose link it is; undefined when no valid link has this hash. It changes nothing. */
export function alertBehindLink(db: Db, tokenHash: Buffer): Promise<LinkedAlert | undefined> {
  return maybeOne(
    db,
    linkedAlertRow,
    sql`
      select link.id as "linkId", alert.id as "alertId", household.id as "householdId", link.person_id as "personId", link.role, person.language,
             household.code as "homeCode", household.time_zone as "timeZone", resident.name as "residentName",
             alert.state, alert.severity, alert.evidence, alert.opened_at as "openedAt",
             alert.next_step_at as "nextStepAt", alert.recovered_at as "recoveredAt", alert.closed_at as "closedAt",
             alert.close_outcome as "closeOutcome"
      from verification_link as link
      join person on person.id = link.person_id
      join alert on alert.id = link.alert_id
      join household on household.id = alert.household_id
      left join lateral (select name from resident where household_id = household.id order by id limit 1) as resident
        on true
      where link.token_hash = ${tokenHash} and link.revoked_at is null
    `,
  );
}

const involvedRow = z
  .object({
    personId: z.number(),
    name: z.string(),
    role: z.enum(ROLES),
    askedAt: z.date(),
    textFailed: z.boolean(),
    claimedAt: absent(z.date()),
    outcome: absent(z.enum(OUTCOMES)),
    method: absent(z.enum(METHODS)),
    answeredAt: absent(z.date()),
    firstAnsweredAt: absent(z.date()),
    closedIt: z.boolean(),
  })
  .readonly();

/**
 * Somebody who was asked about an alert: in which role first, and what they last said. `firstAnsweredAt` is when they
 * first gave that answer, before any correction; `closedIt` when an answer of theirs closed the alert. `name` is in full.
 */
export type InvolvedPerson = z.output<typeof involvedRow>;

/**
 * Everybody who was asked about an alert or has a link to it, each once, the first asked first. Who was asked only in a
 * text that was held back because it was no use any more is left out; `textFailed` when none of their texts left.
 */
export function peopleInvolved(db: Db, alertId: number): Promise<InvolvedPerson[]> {
  return many(
    db,
    involvedRow,
    sql`
      with told as (
        select person_id, role, requested_at as told_at, state = 'failed' as failed from outbox
        where alert_id = ${alertId} and intent <> 'stand_down' and state <> 'muted'
        union all
        select person_id, role, created_at, null from verification_link where alert_id = ${alertId}
      ), asked as (
        select person_id, min(told_at) as asked_at, (array_agg(role order by told_at))[1] as role,
               coalesce(bool_and(failed), false) as text_failed
        from told group by person_id
      )
      select person.id as "personId", person.name, asked.role, asked.asked_at as "askedAt",
             asked.text_failed as "textFailed", claim.claimed_at as "claimedAt", answer.outcome, answer.method,
             answer.answered_at as "answeredAt", first_answer.answered_at as "firstAnsweredAt",
             exists (select from verification join alert on alert.id = alert_id
                     where alert_id = ${alertId} and verification.person_id = asked.person_id
                       and answered_at = alert.closed_at) as "closedIt"
      from asked
      join person on person.id = asked.person_id
      left join lateral (
        select to_timestamp((acknowledgement ->> 'atMs')::bigint / 1000.0) as claimed_at
        from alert, jsonb_array_elements(acknowledgements) as acknowledgement
        where alert.id = ${alertId} and (acknowledgement ->> 'by')::bigint = asked.person_id
        limit 1
      ) as claim on true
      left join lateral (
        select outcome, method, answered_at from verification
        where alert_id = ${alertId} and person_id = asked.person_id
        order by id desc limit 1
      ) as answer on true
      left join lateral (
        select answered_at from verification
        where alert_id = ${alertId} and person_id = asked.person_id and corrects is null
        order by id desc limit 1
      ) as first_answer on true
      order by asked.asked_at, asked.person_id
    `,
  );
}
