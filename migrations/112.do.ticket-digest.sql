-- Open tickets and the weekly list of changed habits are told, by day, to whoever sees to a community, where a policy says so.

insert into text_intent (name) values ('ticket_digest');
alter table notice
  drop constraint notice_kind_check,
  drop constraint notice_household_check,
  add constraint notice_kind_check
    check (kind in ('area_outage', 'look_in', 'absence_ended', 'daily_word', 'roster_gap', 'gateway_fault', 'ticket_digest')),
  add constraint notice_household_check
    check ((kind in ('area_outage', 'roster_gap', 'gateway_fault', 'ticket_digest')) = (household_id is null));

alter table ticket add column told_at timestamptz;
comment on column ticket.told_at is 'When it was in a text to whoever sees to its community; null where it never was.';
alter table routine_drift add column told_at timestamptz;
comment on column routine_drift.told_at is 'When it was in a text to whoever sees to its community; null where it never was.';
create index ticket_open_home_idx on ticket (household_id) where closed_at is null;
