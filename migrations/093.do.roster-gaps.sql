-- Gaps in the roster of the coming week, and the text that tells whoever can fill them. Runs on PostgreSQL 15 to 18.

create table roster_gap (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('nobody', 'all_away', 'empty_slot')),
  community_id bigint not null references community (id) on delete cascade,
  household_id bigint references household (id) on delete cascade,
  from_at timestamptz not null,
  opened_at timestamptz not null,
  told_at timestamptz,
  closed_at timestamptz,
  check ((kind = 'empty_slot') = (household_id is null)),
  check (closed_at >= opened_at)
);
comment on table roster_gap is 'A home that will have nobody of its own to ask in the coming week, or a slot of a duty rota that nobody fills. nobody: there is none at all; all_away: they are on leave at once, from from_at on. Told once to whoever can fill it; over when somebody has, or when the time has passed.';
create unique index roster_gap_open_idx on roster_gap (kind, community_id, household_id, from_at) nulls not distinct where closed_at is null;

insert into text_intent (name) values ('roster_gap');
alter table notice
  drop constraint notice_kind_check,
  drop constraint notice_check,
  drop constraint notice_check1,
  add constraint notice_kind_check
    check (kind in ('area_outage', 'look_in', 'absence_ended', 'daily_word', 'roster_gap')),
  add constraint notice_outage_check check ((kind = 'area_outage') = (outage_id is not null)),
  add constraint notice_household_check check ((kind in ('area_outage', 'roster_gap')) = (household_id is null));
comment on table notice is 'Something people are told or asked that is no welfare alert: an outage of their area, a home that cannot be watched, an absence that water ended, the daily word that water was used, gaps in the roster. detail holds figures for the text, never a name or a phone. Texts that still wait at over_at are not sent.';
