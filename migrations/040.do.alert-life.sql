-- The rest of an alert's life: put off, several on the way, contradicted, corrected.

alter table alert
  add column acknowledgements jsonb not null default '[]',
  add column snoozed_until timestamptz,
  add column snoozed_by bigint references person (id),
  add column reopened_at timestamptz,
  add check ((snoozed_until is null) = (snoozed_by is null)),
  add check (snoozed_until is null or state = 'open');
comment on column alert.acknowledgements is 'Who is on the way, and since when: [{"by": person, "atMs": milliseconds since 1970}]. They hold the next step back when they are as many as the policy asks for; the state is then claimed.';
comment on column alert.snoozed_until is 'Until when nobody else is asked. It always ends: next_step_at is never later.';
comment on column alert.reopened_at is 'When somebody contradicted its end. From then on only a person can end it.';
update alert
set acknowledgements = jsonb_build_array(
  jsonb_build_object('by', claimed_by, 'atMs', floor(extract(epoch from claimed_at) * 1000)::bigint))
where state = 'claimed';

alter table verification add column corrects bigint unique references verification (id);
comment on column verification.corrects is 'The answer that this one takes the place of, by the same person and within minutes. Both are kept; the later one stands.';

create table text_intent (
  name text primary key
);
comment on table text_intent is 'What a text can be for. A new one is a row: each has a template in every language.';
insert into text_intent (name)
values ('check_request'), ('emergency'), ('stand_down'), ('claim_lapsed'), ('recovered'), ('check_again');
alter table outbox
  drop constraint outbox_intent_check,
  add constraint outbox_intent_fkey foreign key (intent) references text_intent (name);
