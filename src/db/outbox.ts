import { BY_TEXT, type Channel } from '../domain/alerting/channel.ts';
import type { Role } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, sql } from './sql.ts';

/**
 * What a text about an alert is for. `emergency` says that somebody was found in need of help, `claim_lapsed` that somebody's time on the
 * way is up, `recovered` that the water is back, `check_again` that it is not after all or that it is graver, `stand_down` that it is over. Each is a row of `text_intent`.
 */
export const ALERT_INTENTS = [
  'check_request',
  'emergency',
  'stand_down',
  'claim_lapsed',
  'recovered',
  'check_again',
] as const;
export type AlertIntent = (typeof ALERT_INTENTS)[number];
/**
 * What a text about something else is for: an outage, a home nobody can watch, an absence that water ended, the daily
 * word that water was used, gaps in the roster, open tickets.
 */
export const NOTICE_INTENTS = [
  'area_outage',
  'look_in',
  'absence_ended',
  'daily_word',
  'roster_gap',
  'gateway_fault',
  'ticket_digest',
] as const;
export const INTENTS = [...ALERT_INTENTS, ...NOTICE_INTENTS] as const;
export type Intent = (typeof INTENTS)[number];
/** That all is well can wait for any home, and so can a gap of next week, or a ticket: they leave last. */
export const INTENTS_THAT_WAIT: readonly Intent[] = ['daily_word', 'roster_gap', 'ticket_digest'];

export interface OwedText {
  readonly alertId: number;
  readonly intent: AlertIntent;
  /** The escalation step that decided it. */
  readonly step: number;
  readonly personId: number;
  readonly role: Role;
  /** How it is to reach them; left out: by text. */
  readonly channel?: Channel | undefined;
}

/**
 * Owes people texts, or calls. Must run in the transaction that decided it: both commit, or neither.
 *
 * Owing the same text twice is a no-op, so a step that is taken again after a crash texts nobody twice.
 */
export async function oweTexts(tx: Db, texts: readonly OwedText[], at: Date): Promise<void> {
  if (texts.length === 0) return;
  await execute(
    tx,
    sql`
      insert into outbox (alert_id, intent, step, person_id, role, channel, requested_at, not_before)
      select owed.*, ${at}::timestamptz, ${at}::timestamptz
      from unnest(${texts.map(({ alertId }) => alertId)}::bigint[], ${texts.map(({ intent }) => intent)}::text[],
                  ${texts.map(({ step }) => step)}::integer[], ${texts.map(({ personId }) => personId)}::bigint[],
                  ${texts.map(({ role }) => role)}::text[],
                  ${texts.map(({ channel }) => channel ?? 'sms')}::text[]) as owed
      on conflict (alert_id, intent, step, person_id, channel) do nothing
    `,
  );
}

/** Owes one person a text, as `oweTexts` does. */
export function oweText(tx: Db, text: OwedText, at: Date): Promise<void> {
  return oweTexts(tx, [text], at);
}

/** Owes one person the same by several channels. */
export function oweByChannels(tx: Db, text: OwedText, channels: readonly Channel[], at: Date): Promise<void> {
  return oweTexts(
    tx,
    channels.map((channel) => ({ ...text, channel })),
    at,
  );
}

/** A text to everybody who has been asked about an alert and has not been told since that it is over. */
export interface TextToAll {
  readonly alertId: number;
  readonly intent: 'stand_down' | 'check_again';
  readonly step: number;
  /** How it is to reach them; left out: by text. */
  readonly channels?: readonly Channel[] | undefined;
}

/**
 * Owes a text to everybody whose text about this alert has left, or may have. Texts still waiting are left to the
 * dispatcher, which mutes them when the alert is closed. Whoever was told that it is over and has not been asked since
 * is left out. Returns how many are owed.
 */
export function oweToEverybodyAsked(tx: Db, text: TextToAll, at: Date): Promise<number> {
  const { alertId, intent, step, channels = BY_TEXT } = text;
  return execute(
    tx,
    sql`
      insert into outbox (alert_id, intent, step, person_id, role, channel, requested_at, not_before)
      select asked.alert_id, ${intent}::text, ${step}::integer, asked.person_id, asked.role, channel,
             ${at}::timestamptz, ${at}::timestamptz
      from (
        select distinct on (person_id) alert_id, person_id, role
        from outbox
        where alert_id = ${alertId} and intent <> 'stand_down' and may_have_left
          and not exists (select from outbox as told where told.alert_id = outbox.alert_id
                          and told.person_id = outbox.person_id and told.intent = 'stand_down' and told.id > outbox.id)
        order by person_id, id
      ) as asked
      cross join unnest(${channels}::text[]) as channel
      on conflict (alert_id, intent, step, person_id, channel) do nothing
    `,
  );
}

/** That the water is back: told when it has been for a while, and not soon after another text. */
export interface RecoveryToTell {
  readonly alertId: number;
  readonly step: number;
  readonly afterMinutes: number;
  readonly everyMinutes: number;
}

/**
 * Owes everybody who has been asked about an alert, and has not been told since that it is over, that the water is back:
 * not before it has been for so many minutes, and so many after the last text about the alert that left for them.
 */
export async function oweRecovery(tx: Db, recovery: RecoveryToTell, at: Date): Promise<void> {
  const { alertId, step, afterMinutes, everyMinutes } = recovery;
  await execute(
    tx,
    sql`
      insert into outbox as owed (alert_id, intent, step, person_id, role, requested_at, not_before)
      select distinct on (person_id) alert_id, 'recovered', ${step}::integer, person_id, role, ${at}::timestamptz,
             greatest(${at}::timestamptz + ${afterMinutes}::integer * interval '1 minute',
                      (select max(told.settled_at) + ${everyMinutes}::integer * interval '1 minute' from outbox as told
                       where told.alert_id = outbox.alert_id and told.person_id = outbox.person_id
                         and told.state in ('sent', 'unknown')))
      from outbox
      where alert_id = ${alertId} and intent <> 'stand_down' and may_have_left
        and not exists (select from outbox as told where told.alert_id = outbox.alert_id
                        and told.person_id = outbox.person_id and told.intent = 'stand_down' and told.id > outbox.id)
      order by person_id, id
      on conflict (alert_id, intent, step, person_id, channel) do update
        set state = 'waiting', requested_at = excluded.requested_at, not_before = excluded.not_before, settled_at = null
        where owed.state = 'muted'
    `,
  );
}

/** The water is gone again: who has not been told that it was back is not told so any more. */
export async function withholdRecovery(tx: Db, alertId: number, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      update outbox set state = 'muted', settled_at = ${at}
      where alert_id = ${alertId} and intent = 'recovered' and state = 'waiting'
    `,
  );
}

/** That the water is gone again: asked anew by the channels of the step that the alert has reached. */
export interface Relapse {
  readonly alertId: number;
  readonly step: number;
  readonly channels: readonly Channel[];
}

/** Owes those of whom the last they heard is that the water is back, or may be, that it is not. */
export async function oweRelapse(tx: Db, { alertId, step, channels }: Relapse, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into outbox (alert_id, intent, step, person_id, role, channel, requested_at, not_before)
      select alert_id, 'check_again', ${step}::integer, person_id, role, channel, ${at}::timestamptz, ${at}::timestamptz
      from (
        select distinct on (person_id) alert_id, person_id, role, intent from outbox
        where alert_id = ${alertId} and intent <> 'claim_lapsed' and may_have_left
        order by person_id, coalesce(settled_at, ${at}) desc, id desc
      ) as last
      cross join unnest(${channels}::text[]) as channel
      where intent = 'recovered'
      on conflict (alert_id, intent, step, person_id, channel) do nothing
    `,
  );
}
