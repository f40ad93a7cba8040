-- The desk is told when a gateway refuses our account. Runs on PostgreSQL 15 to 18.

insert into text_intent (name) values ('gateway_fault');
alter table notice
  drop constraint notice_kind_check,
  drop constraint notice_household_check,
  add constraint notice_kind_check
    check (kind in ('area_outage', 'look_in', 'absence_ended', 'daily_word', 'roster_gap', 'gateway_fault')),
  add constraint notice_household_check
    check ((kind in ('area_outage', 'roster_gap', 'gateway_fault')) = (household_id is null));
alter table gateway_fault add column notice_id bigint references notice (id);
comment on column gateway_fault.notice_id is 'The notice that tells the desk of it; null where one told of the same gateway within the hour before.';
