-- What keeps texts from people: numbers that cannot be reached, gateways that refuse us. Runs on PostgreSQL 15 to 18.

create table roster_defect (
  id bigint generated always as identity primary key,
  person_id bigint not null references person (id) on delete cascade,
  phone text not null,
  cause text not null check (cause <> ''),
  code text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  check (closed_at is null or closed_at >= opened_at)
);
comment on table roster_defect is 'A number in the roster that texts cannot reach, and why. It is over when a text arrives there, or when the person has another number.';
create unique index roster_defect_open_idx on roster_defect (person_id, phone) where closed_at is null;

create table gateway_fault (
  id bigint generated always as identity primary key,
  gateway text not null check (gateway <> ''),
  cause text not null check (cause <> ''),
  code text,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  closed_at timestamptz,
  check (closed_at is null or closed_at >= opened_at)
);
comment on table gateway_fault is 'A gateway that refuses our account: texts leave through the next one meanwhile. It is over when the gateway takes a text again.';
create unique index gateway_fault_open_idx on gateway_fault (gateway) where closed_at is null;
