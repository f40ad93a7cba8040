import { z } from 'zod';
import { CLOSE_OUTCOMES } from '../domain/alerting/alert.ts';
import { CHANNELS } from '../domain/alerting/channel.ts';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import type { Evidence } from '../domain/alerting/finding.ts';
import { LANGUAGES } from '../domain/language.ts';
import { INTENTS, INTENTS_THAT_WAIT } from './outbox.ts';
import { type Db, many, sql } from './sql.ts';

/** The figures a text quotes. A detector of another version may have written others: the text then quotes none. */
const figures = z
  .discriminatedUnion('detector', [
    z.object({ detector: z.literal('inactivity'), dryHours: z.number() }),
    z.object({ detector: z.literal('low-use'), windowHours: z.number(), litres: z.number() }),
    z.object({
      detector: z.literal('running-water'),
      hours: z.number(),
      leastLitresPerHour: z.number(),
      litres: z.number(),
    }),
  ])
  .optional()
  .catch(undefined);

/** What a text says of the water: a part of an alert's evidence. */
export type TextFigures =
  | Pick<Extract<Evidence, { detector: 'inactivity' }>, 'detector' | 'dryHours'>
  | Pick<Extract<Evidence, { detector: 'low-use' }>, 'detector' | 'windowHours' | 'litres'>
  | Pick<Extract<Evidence, { detector: 'running-water' }>, 'detector' | 'hours' | 'leastLitresPerHour' | 'litres'>;

/** What the text of a notice quotes; one of another version may lack some. */
const noticeFigures = z.object({
  area: z.string().optional(),
  cause: z.enum(['silent', 'dry', 'works', 'feed']).optional(),
  affected: z.number().optional(),
  homes: z.number().optional(),
  heldUntilMs: z.number().optional(),
  hours: z.number().optional(),
  usedFromMs: z.number().optional(),
  usedByMs: z.number().optional(),
  firstHome: z.string().optional(),
  slots: z.number().optional(),
  slotFromMs: z.number().optional(),
  gateway: z.string().optional(),
  refusal: z.enum(['account', 'balance', 'sender', 'template']).optional(),
  tickets: z.number().optional(),
  freshTickets: z.number().optional(),
  tampered: z.number().optional(),
  drifts: z.number().optional(),
  timeZone: z.string().optional(),
});
export type NoticeFigures = z.output<typeof noticeFigures>;

/** When the steps of an alert come; a policy of another version may have said it otherwise. */
const cadence = z
  .object({ steps: z.array(z.object({ afterMinutes: z.number() })), repeatLastEveryMinutes: z.number() })
  .optional()
  .catch(undefined);

const attempt = z.object({ id: z.number(), gateway: z.string(), startedAt: z.coerce.date() });
/** An attempt of which nobody knows what became. */
export type OpenAttempt = z.output<typeof attempt>;

const owedRow = z.object({
  id: z.number(),
  fence: z.number(),
  attempts: z.number(),
  /** Null for a text about a notice. */
  alertId: z.number().nullable(),
  /** Null for a text about an alert. */
  noticeId: z.number().nullable(),
  intent: z.enum(INTENTS),
  channel: z.enum(CHANNELS),
  /** Of a call: whether the same step also asks the same person by text. */
  hasTextBeside: z.boolean(),
  step: z.number(),
  role: z.enum(ROLES),
  personId: z.number(),
  phone: z.string(),
  language: z.enum(LANGUAGES),
  optedOut: z.boolean(),
  /** How much at risk the home is: 1 is the most, and stands where the text is about no single home. */
  tier: z.number(),
  /** Why it was held back before, if it was. */
  heldFor: z.string().nullable(),
  /** Null where the text is about no single home, as is its time zone. */
  homeCode: z.string().nullable(),
  timeZone: z.string().nullable(),
  residentName: z.string().nullable(),
  figures,
  /** The policy that the alert was opened with, as far as it says when steps come; undefined for a notice. */
  policy: cadence,
  /** When the readings show that what the alert was about was over, in the meter's time. */
  recoveredAt: z.date().nullable(),
  /** Whether a person must look even though the water is back. */
  mustConfirm: z.boolean(),
  /** Figures of a notice; empty for an alert. */
  notice: noticeFigures,
  /** Whether what the text is about is over. */
  isOver: z.boolean(),
  closeOutcome: z.enum(CLOSE_OUTCOMES).nullable(),
  closerName: z.string().nullable(),
  /** Whether the person was, or may have been, texted about this alert before. */
  toldBefore: z.boolean(),
  openAttempt: attempt.nullable(),
  /** How many attempts, of itself or of a text that spoke for it, were given up because nobody could tell what became of them. */
  lostAttempts: z.number(),
});

/** A text, or a call, together with all it takes to decide on it and to write it. */
export type OwedText = z.output<typeof owedRow>;

/**
 * Loads leased texts as they stand at `at`, the most urgent first: emergencies, then homes of the first tier, then by
 * age; daily words and gaps in the roster come last.
 */
export function loadOwedTexts(db: Db, ids: readonly number[], at: Date): Promise<OwedText[]> {
  return many(
    db,
    owedRow,
    sql`
      select outbox.id, outbox.fence, outbox.attempts, outbox.alert_id as "alertId",
             outbox.notice_id as "noticeId", outbox.intent, outbox.channel, outbox.step,
             outbox.channel = 'voice'
               and exists (select from outbox as beside
                           where beside.alert_id = outbox.alert_id and beside.intent = outbox.intent
                             and beside.step = outbox.step and beside.person_id = outbox.person_id
                             and beside.channel = 'sms') as "hasTextBeside",
             outbox.role, outbox.person_id as "personId", person.phone, person.language,
             person.opted_out_at is not null as "optedOut", household.code as "homeCode",
             household.time_zone as "timeZone", coalesce(household.tier, 1) as tier, outbox.held_for as "heldFor",
             (select max(ended_at) from finding where finding.alert_id = alert.id and withdrawn_at is null)
               as "recoveredAt",
             coalesce((alert.policy -> 'confirmRecovery')::boolean, true) or alert.severity = 'emergency'
               or alert.reopened_at is not null as "mustConfirm",
             resident.name as "residentName", alert.evidence as figures, alert.policy,
             coalesce(notice.detail, '{}') as notice,
             coalesce(alert.state = 'closed', notice.over_at <= ${at}, false) as "isOver",
             alert.close_outcome as "closeOutcome", closer.name as "closerName", open_attempt.found as "openAttempt",
             exists (select from outbox as earlier
                     where earlier.alert_id = outbox.alert_id and earlier.person_id = outbox.person_id
                       and earlier.id <> outbox.id and earlier.may_have_left) as "toldBefore",
             outbox.lost_attempts as "lostAttempts"
      from outbox
      join person on person.id = outbox.person_id
      left join alert on alert.id = outbox.alert_id
      left join notice on notice.id = outbox.notice_id
      left join household on household.id = coalesce(alert.household_id, notice.household_id)
      left join lateral (select name from resident where household_id = household.id order by id limit 1) as resident
        on true
      left join lateral (
        select person.name from verification join person on person.id = verification.person_id
        where verification.alert_id = alert.id and verification.outcome = alert.close_outcome
        order by verification.id desc limit 1
      ) as closer on true
      left join lateral (
        select jsonb_build_object('id', id, 'gateway', gateway, 'startedAt', started_at) as found
        from delivery where outbox_id = outbox.id and status in ('started', 'unknown')
        order by id desc limit 1
      ) as open_attempt on true
      where outbox.id = any (${ids})
      order by outbox.intent <> 'emergency', outbox.intent = any (${INTENTS_THAT_WAIT}::text[]), coalesce(household.tier, 1) > 1, outbox.requested_at, outbox.id
    `,
  );
}
