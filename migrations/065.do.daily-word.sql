-- A guardian's daily word that water was used, and how it is stopped.

create table daily_word (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id) on delete cascade,
  person_id bigint not null references person (id),
  since timestamptz not null,
  stopped_at timestamptz,
  unique (household_id, person_id),
  check (stopped_at >= since)
);
comment on table daily_word is 'A guardian who asked for one text a day that water was used at a home, since when, and when they stopped it. Asking again sets since anew; each change is a line of audit_entry.';
create index daily_word_person_idx on daily_word (person_id);

create table daily_word_link (
  token_hash bytea primary key check (length(token_hash) = 32),
  daily_word_id bigint not null references daily_word (id) on delete cascade,
  created_at timestamptz not null
);
comment on table daily_word_link is 'The links in daily texts that lead to the page which stops them, by the SHA-256 of their token. Those of the last month are kept, and so is the newest, however old.';
create index daily_word_link_word_idx on daily_word_link (daily_word_id, created_at);

insert into text_intent (name) values ('daily_word');
alter table notice
  add column daily_word_id bigint references daily_word (id) on delete cascade,
  add column local_day date,
  drop constraint notice_kind_check,
  add constraint notice_kind_check check (kind in ('area_outage', 'look_in', 'absence_ended', 'daily_word')),
  add constraint notice_daily_word_check check ((kind = 'daily_word') = (daily_word_id is not null)),
  add constraint notice_local_day_check check ((kind = 'daily_word') = (local_day is not null));
comment on table notice is 'Something people are told or asked that is no welfare alert: an outage of their area, a home that cannot be watched, an absence that water ended, the daily word that water was used. detail holds figures for the text, never a name or a phone. Texts that still wait at over_at are not sent.';
comment on column notice.local_day is 'The day by the calendar at home that a daily word is about: one word a day, whoever decides it and however often.';
create unique index notice_daily_word_idx on notice (daily_word_id, local_day) where daily_word_id is not null;

alter table inbound_reply
  drop constraint inbound_reply_meaning_check,
  add constraint inbound_reply_meaning_check
    check (meaning in ('safe', 'needs_help', 'coming', 'stop', 'start', 'stop_daily', 'none'));
alter table inbound_reply_result
  drop constraint inbound_reply_result_result_check,
  add constraint inbound_reply_result_result_check
    check (result in ('claimed', 'answered', 'opted_out', 'opted_in', 'daily_stopped', 'kept', 'ambiguous', 'refused', 'unmatched'));
