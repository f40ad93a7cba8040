import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

/** What the figures of the service are about. What a figure's one or two kinds mean depends on it. */
export const MEASURES = [
  'homes',
  'unwatched_homes',
  'unwatched_hours',
  'newest_reading_age',
  'batches_waiting',
  'batch_oldest_age',
  'quarantined',
  'unknown_meters',
  'alerts_open',
  'step_overdue',
  'texts_waiting',
  'text_overdue',
  'deliveries',
  'deliveries_silent',
  'repairs',
  'tickets_open',
  'messages_missing',
  'messages_given_up',
  'sequence_note_age',
  'outages_open',
  'alerts_held',
  'hold_overdue',
  'broker_drops',
  'roster_gaps',
] as const;
export type Measure = (typeof MEASURES)[number];

const figureRow = z.object({
  measure: z.enum(MEASURES),
  kind: z.string().nullable(),
  subkind: z.string().nullable(),
  amount: z.coerce.number(),
});

/** One figure: a count, an age in seconds, or a sum of hours. */
export type Figure = z.output<typeof figureRow>;

/**
 * The state of the service in figures, at `at`, in two statements that read no readings: they stay cheap with millions
 * of them. Ages are in seconds; one that has nothing to be the age of is 0, and is left out for readings never heard.
 */
export async function serviceFigures(db: Db, at: Date): Promise<Figure[]> {
  return [...(await figuresNow(db, at)), ...(await unwatchedFigures(db, at))];
}

function figuresNow(db: Db, at: Date): Promise<Figure[]> {
  return many(
    db,
    figureRow,
    sql`
      select 'homes' as measure, coalesce(verdict, 'NOT_YET_JUDGED') as kind, null as subkind, count(*) as amount
      from household left join home_watch on home_watch.household_id = household.id
      where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
      group by 2
      union all
      select 'newest_reading_age', null, null, extract(epoch from ${at} - max(last_read_at))
      from home_watch having max(last_read_at) is not null
      union all
      select 'batches_waiting', null, null, (select count(*) from ingest_batch) + (select count(*) from judge_note)
      union all
      select 'batch_oldest_age', null, null, coalesce(extract(epoch from ${at} - min(since)), 0)
      from (select received_at as since from ingest_batch union all select noted_at from judge_note) waiting
      union all
      select 'quarantined', reason, null, count(*) from quarantined_message where replayed_at is null group by reason
      union all
      select 'unknown_meters', null, null, count(distinct serial) from quarantined_message
      where reason = 'unknown_meter' and replayed_at is null
      union all
      select 'alerts_open', state, severity, count(*) from alert where state <> 'closed' group by state, severity
      union all
      select 'step_overdue', null, null, coalesce(extract(epoch from ${at} - min(next_step_at)), 0)
      from alert where state <> 'closed' and next_step_at <= ${at}
      union all
      select 'texts_waiting', null, null, count(*) from outbox where state in ('waiting', 'sending')
      union all
      select 'text_overdue', null, null, coalesce(extract(epoch from ${at} - min(not_before)), 0)
      from outbox where state in ('waiting', 'sending') and not_before <= ${at}
      union all
      select 'deliveries', status, null, count(*) from delivery group by status
      union all
      select 'deliveries_silent', null, null, count(*) from delivery where status in ('accepted', 'sent')
        and updated_at between ${at}::timestamptz - interval '1 day' and ${at}::timestamptz - interval '15 minutes'
      union all select 'repairs', kind, null, times from repair
      union all select 'roster_gaps', kind, null, count(*) from roster_gap where closed_at is null group by kind
      union all select 'broker_drops', client, null, dropped from broker_drops
      union all select 'tickets_open', kind, null, count(*) from ticket where closed_at is null group by kind
      union all
      select 'messages_missing', null, null, coalesce(sum(last_seq - first_seq + 1), 0)
      from sequence_gap where given_up_at is null
      union all
      select 'messages_given_up', case when before_first then 'before_first' else 'missed' end, null,
             sum(last_seq - first_seq + 1)
      from sequence_gap where given_up_at is not null group by before_first
      union all
      select 'outages_open', cause, null, count(*) from outage where ended_at is null and began_at <= ${at} group by cause
      union all
      select 'alerts_held', cause, null, count(*) from alert_hold where released_at is null group by cause
      union all
      select 'hold_overdue', null, null, coalesce(extract(epoch from ${at} - min(held_until)), 0)
      from alert_hold where released_at is null and held_until <= ${at}
      union all
      select 'sequence_note_age', null, null, coalesce(extract(epoch from ${at} - min(noted_at)), 0) from sequence_note
    `,
  );
}

function unwatchedFigures(db: Db, at: Date): Promise<Figure[]> {
  return many(
    db,
    figureRow,
    sql`
      select 'unwatched_homes' as measure, tier::text as kind, null as subkind, count(*) as amount
      from household left join home_watch on home_watch.household_id = household.id
      where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
        and (home_watch.household_id is null or unwatched_since is not null)
      group by tier
      union all
      -- A span is never shortened afterwards, so that this only grows; by tier it would not, since homes change theirs.
      select 'unwatched_hours', null, null,
             coalesce(sum(greatest(0, extract(epoch from least(until_at, monitored_until, ${at}) - from_at))), 0) / 3600
      from unwatched_span join household on household.id = household_id
    `,
  );
}
