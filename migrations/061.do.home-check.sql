-- What belongs to a home check beside its outcome, and who looked at its page.

alter table verification
  add column link_id bigint references verification_link (id),
  add column checked_at timestamptz,
  add column place text check (place in ('home', 'nearby', 'elsewhere')),
  add check (checked_at <= answered_at);
comment on column verification.link_id is 'The link through which it was answered.';
comment on column verification.checked_at is 'When they looked or called, by their own word; null when they said nothing: just before answering.';
comment on column verification.place is 'Where they were, by their own word, where the operator asks for it.';

create table link_opening (
  link_id bigint primary key references verification_link (id),
  opened_at timestamptz not null
);
comment on table link_opening is 'The first time the page behind a link was asked for, by a person or by a program that looks at links: one row a link, so that the timeline gets one line, however often it is opened.';

create table check_note (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  person_id bigint not null references person (id),
  link_id bigint references verification_link (id),
  note text not null check (length(note) between 1 and 1000),
  written_at timestamptz not null
);
comment on table check_note is 'What somebody added to a home check later. It changes nothing about the alert. Append-only: the database refuses to change or delete a note.';
create index check_note_alert_idx on check_note (alert_id);
create trigger check_note_append_only before update or delete on check_note for each row execute function refuse_change();
create trigger check_note_no_truncate before truncate on check_note for each statement execute function refuse_change();

create table visit (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id),
  person_id bigint not null references person (id),
  verification_id bigint not null unique references verification (id),
  visited_at timestamptz not null,
  outcome text not null check (outcome in ('safe', 'needs_help', 'could_not_reach', 'false_alarm', 'away')),
  recorded_at timestamptz not null
);
comment on table visit is 'Somebody stood at the door of a home: one line for every home check in person, none for one by telephone. A corrected answer adds a line of its own; which one stands is seen from verification.corrects. Append-only: the database refuses to change or delete a line.';
create index visit_household_idx on visit (household_id, visited_at);
create trigger visit_append_only before update or delete on visit for each row execute function refuse_change();
create trigger visit_no_truncate before truncate on visit for each statement execute function refuse_change();
