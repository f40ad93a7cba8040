-- Who is watched over, by whom, and where they belong. Runs unchanged on PostgreSQL 15 to 18 and on TimescaleDB.

create table community (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  level text not null check (level in ('city', 'town', 'community')),
  parent_id bigint references community (id),
  check ((level = 'city') = (parent_id is null))
);
comment on table community is 'The administrative tree: a city holds towns, a town holds communities. A household hangs on a leaf; staff may hang on any level.';
create index community_parent_idx on community (parent_id);

create table household (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  community_id bigint not null references community (id),
  tier smallint not null default 2 check (tier between 1 and 3),
  time_zone text not null,
  monitored_from timestamptz not null,
  monitored_until timestamptz,
  check (monitored_until is null or monitored_until > monitored_from)
);
comment on table household is 'A home under watch. Tier 1 is the most at risk. The code is the home''s name in texts and imports; it is no address. Wall-clock rules run in time_zone (IANA).';
create index household_community_idx on household (community_id);

create table resident (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id) on delete cascade,
  name text not null check (name <> '')
);
comment on table resident is 'Who lives in the home: a name, and nothing the service does not need. Texts carry it masked.';
create index resident_household_idx on resident (household_id);

create table person (
  id bigint generated always as identity primary key,
  name text not null check (name <> ''),
  phone text not null unique check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  phone_proved_at timestamptz,
  opted_out_at timestamptz
);
comment on table person is 'Somebody who can be texted: guardian, community contact, supervisor or duty desk. Phone is E.164; one number is one person.';

create table pairing (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id) on delete cascade,
  person_id bigint not null references person (id),
  role text not null check (role in ('guardian', 'contact')),
  position smallint not null check (position between 1 and 20),
  unique (household_id, role, position),
  unique (household_id, role, person_id)
);
comment on table pairing is 'Who answers for which home, in which order. One person may serve many homes, and one home may have many people.';
create index pairing_person_idx on pairing (person_id);

create table community_staff (
  id bigint generated always as identity primary key,
  community_id bigint not null references community (id) on delete cascade,
  person_id bigint not null references person (id),
  role text not null check (role in ('supervisor', 'desk')),
  position smallint not null check (position between 1 and 20),
  unique (community_id, role, position),
  unique (community_id, role, person_id)
);
comment on table community_staff is 'The later steps of escalation: supervisors and the duty desk of a community, town or city. The nearest level that has somebody answers.';

create table absence (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id) on delete cascade,
  away_from timestamptz not null,
  away_until timestamptz not null,
  declared_by bigint references person (id),
  source text not null check (source in ('page', 'import', 'operator')),
  ended_at timestamptz,
  ended_by text check (ended_by in ('water', 'person')),
  check (away_until > away_from),
  check ((ended_at is null) = (ended_by is null))
);
comment on table absence is 'A home known to be empty from and until a time. It always ends: at away_until, or sooner when water runs or a person says so.';
create index absence_household_idx on absence (household_id, away_until);

create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null check (actor <> ''),
  action text not null check (action <> ''),
  subject text not null,
  detail jsonb not null default '{}'
);
comment on table audit_entry is 'What was done to the roster and the settings, by whom and when. Append-only: the database refuses to change or delete a line.';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;
comment on function refuse_change() is 'Trigger of every append-only table.';

create trigger audit_entry_append_only before update or delete on audit_entry for each row execute function refuse_change();
create trigger audit_entry_no_truncate before truncate on audit_entry for each statement execute function refuse_change();
