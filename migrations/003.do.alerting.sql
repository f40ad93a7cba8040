-- From a detector's claim to a verified home check.

create table alert (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id),
  state text not null check (state in ('open', 'claimed', 'closed')),
  severity text not null check (severity in ('warning', 'urgent', 'emergency')),
  detector text not null,
  detector_version integer not null,
  evidence jsonb not null,
  policy jsonb not null,
  step integer not null check (step >= 0),
  next_step_at timestamptz,
  opened_at timestamptz not null,
  recovered_at timestamptz,
  claimed_by bigint references person (id),
  claimed_at timestamptz,
  closed_at timestamptz,
  close_outcome text,
  close_cause text,
  check ((state = 'closed') = (closed_at is not null)),
  check ((state = 'closed') = (close_outcome is not null)),
  check ((state = 'claimed') = (claimed_by is not null)),
  check ((state = 'closed') = (next_step_at is null))
);
comment on table alert is 'A home somebody must look at. The escalation policy is a snapshot; next_step_at is when the next person is asked, and an alert that is not closed always has one.';
create unique index alert_one_open_per_household_idx on alert (household_id) where state <> 'closed';
create index alert_closed_idx on alert (household_id, closed_at) where state = 'closed';
create index alert_due_idx on alert (next_step_at) where state <> 'closed';

create table finding (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id),
  detector text not null,
  detector_version integer not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  evidence jsonb not null,
  found_at timestamptz not null,
  withdrawn_at timestamptz,
  alert_id bigint references alert (id),
  check (ended_at is null or ended_at >= began_at)
);
comment on table finding is 'A detector''s claim: from began_at (in the meter''s time) its condition held, until ended_at. Late readings may move, end or withdraw it.';
create unique index finding_standing_idx on finding (household_id, detector, began_at) where withdrawn_at is null;
create index finding_alert_idx on finding (alert_id) where alert_id is not null;
create index finding_recent_idx on finding (household_id, ended_at) where withdrawn_at is null;

create table alert_event (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  at timestamptz not null,
  type text not null,
  person_id bigint references person (id),
  detail jsonb not null default '{}'
);
comment on table alert_event is 'The timeline of an alert: every transition, text, receipt, opening and answer. Append-only: the database refuses to change or delete a line.';
create index alert_event_alert_idx on alert_event (alert_id, id);
create trigger alert_event_append_only before update or delete on alert_event for each row execute function refuse_change();
create trigger alert_event_no_truncate before truncate on alert_event for each statement execute function refuse_change();

create table verification_link (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  person_id bigint not null references person (id),
  role text not null check (role in ('guardian', 'contact', 'supervisor', 'desk')),
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_at timestamptz not null,
  revoked_at timestamptz
);
comment on table verification_link is 'The key to one alert''s page for one person. Only the SHA-256 of the token is kept; the token itself exists in the text alone.';
create index verification_link_alert_idx on verification_link (alert_id);

create table verification (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  person_id bigint not null references person (id),
  outcome text not null check (outcome in ('safe', 'needs_help', 'could_not_reach', 'false_alarm', 'away')),
  method text check (method in ('in_person', 'phone', 'neighbour')),
  cause text check (cause in ('late_riser', 'away', 'hospital', 'cleaning', 'leak', 'meter_fault', 'other')),
  away_until timestamptz,
  note text not null default '' check (length(note) <= 1000),
  answered_at timestamptz not null,
  check (method is not null or outcome = 'needs_help'),
  check ((outcome = 'away') = (away_until is not null)),
  check (outcome = 'false_alarm' or cause is null)
);
comment on table verification is 'What a person found at the home check, as they said it. Every answer is kept; which one stands is on the alert. A call for help needs no method: nothing may delay it.';
create index verification_alert_idx on verification (alert_id);
