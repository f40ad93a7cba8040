-- The way to the page for texts that may carry no link: a short code at a fixed address.

create table check_code (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  person_id bigint not null references person (id),
  role text not null check (role in ('guardian', 'contact', 'supervisor', 'desk')),
  kind text not null check (kind in ('letters', 'digits')),
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null,
  wrong_tries integer not null default 0 check (wrong_tries >= 0),
  voided_at timestamptz,
  revoked_at timestamptz
);
comment on table check_code is 'A short code to one alert''s page for one person. Only a keyed hash of it is kept, and the key is not in the database. It is void after five wrong tries: of it with another phone''s digits, or, for a code of digits alone, of another code with its phone.';
create index check_code_hash_idx on check_code (code_hash);
create index check_code_alert_idx on check_code (alert_id);
create index check_code_person_idx on check_code (person_id) where voided_at is null and revoked_at is null;
-- A code of digits alone is looked for by its phone, of which people leave out the country.
create index person_phone_end_idx on person (right(phone, 7));

create table attempt_count (
  subject text not null check (subject in ('address', 'digits', 'everybody', 'link')),
  subject_hash bytea not null check (length(subject_hash) = 32),
  window_start timestamptz not null,
  attempts integer not null check (attempts >= 0),
  primary key (subject, subject_hash, window_start)
);
comment on table attempt_count is 'How often a network address, a phone''s digits, a link and everybody together tried something within a window of time. Subjects are kept as keyed hashes. Rows are of no use after their window and are deleted by the housekeeping.';
create index attempt_count_window_idx on attempt_count (window_start);
