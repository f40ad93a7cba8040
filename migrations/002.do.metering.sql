-- Meters, what they report, and what could not be understood.

create table meter (
  id bigint generated always as identity primary key,
  serial text not null unique check (serial ~ '^[A-Za-z0-9._:-]{1,64}$'),
  nominal_interval_s integer not null default 3600 check (nominal_interval_s between 1 and 172800),
  register_capacity_l bigint check (register_capacity_l > 0),
  gateway text,
  dma text
);
comment on table meter is 'A device. The serial is its name on the wire. register_capacity_l is where the dial starts again at zero, where known; nominal_interval_s the time between two readings.';

create table meter_binding (
  id bigint generated always as identity primary key,
  meter_id bigint not null references meter (id),
  household_id bigint not null references household (id),
  bound_from timestamptz not null,
  bound_until timestamptz,
  check (bound_until is null or bound_until > bound_from),
  exclude using gist (int8range(meter_id, meter_id, '[]') with &&, tstzrange(bound_from, bound_until) with &&)
);
comment on table meter_binding is 'Which home a meter measured, from when until when. A reading belongs to the home of its own time. A meter is at one home at a time.';
create index meter_binding_household_idx on meter_binding (household_id);
create index meter_binding_meter_idx on meter_binding (meter_id, bound_from);

create table register_reading (
  meter_id bigint not null,
  read_at timestamptz not null,
  index_l bigint not null check (index_l >= 0),
  received_at timestamptz not null,
  primary key (meter_id, read_at)
);
comment on table register_reading is 'The cumulative register of a meter at a time of its own clock, in litres. One row a (meter, time), however often it arrives. A hypertable where TimescaleDB is present.';

create table reading_conflict (
  meter_id bigint not null references meter (id),
  read_at timestamptz not null,
  index_l bigint not null check (index_l >= 0),
  received_at timestamptz not null,
  primary key (meter_id, read_at, index_l)
);
comment on table reading_conflict is 'A second, different register value for a (meter, time) that was already stored. The first one stands; this one is kept and reported.';

create table meter_flag (
  meter_id bigint not null references meter (id),
  flag text not null check (flag in ('leak', 'burst', 'backflow', 'tamper', 'battery', 'dry')),
  first_reported_at timestamptz not null,
  last_reported_at timestamptz not null,
  primary key (meter_id, flag)
);
comment on table meter_flag is 'What a meter says of itself in its status: each flag with the first and the last time it was reported.';

create table ingest_batch (
  id bigint generated always as identity primary key,
  received_at timestamptz not null,
  meter_ids bigint[] not null,
  first_read_at timestamptz[] not null,
  check (cardinality(meter_ids) = cardinality(first_read_at))
);
comment on table ingest_batch is 'What changed, written in the transaction that stored the readings: for each meter of the batch its earliest new reading. The detector run takes these rows and deletes them when it is done with them.';

create table quarantined_message (
  id bigint generated always as identity primary key,
  received_at timestamptz not null,
  source text not null check (source in ('mqtt', 'http', 'file')),
  topic text not null,
  payload bytea not null,
  payload_bytes integer not null,
  reason text not null,
  detail text not null default '',
  replayed_at timestamptz
);
comment on table quarantined_message is 'A message that could not be taken as readings, whole or in part, kept with the reason. payload holds at most its first 64 KiB; payload_bytes is its full length.';
create index quarantined_message_reason_idx on quarantined_message (reason, received_at);
create index quarantined_message_received_idx on quarantined_message (received_at);

create table home_watch (
  household_id bigint primary key references household (id) on delete cascade,
  verdict text not null check (verdict in ('USED', 'NOT_USED', 'CANNOT_TELL')),
  judged_at timestamptz not null,
  last_read_at timestamptz,
  last_received_at timestamptz,
  last_use_at timestamptz,
  unwatched_since timestamptz,
  next_check_at timestamptz not null,
  judge_from timestamptz,
  check ((verdict = 'CANNOT_TELL') = (unwatched_since is not null))
);
comment on table home_watch is 'The last judgement of each home and when it must be looked at again even if nothing arrives. judge_from is set while the home could not be judged: its readings are still to be looked at from there on. A cache but for that: deleting a row only makes the home be judged again.';
create index home_watch_due_idx on home_watch (next_check_at);

create table ticket (
  id bigint generated always as identity primary key,
  meter_id bigint not null references meter (id),
  household_id bigint references household (id),
  kind text not null check (kind in ('meter_silent')),
  opened_at timestamptz not null,
  evidence jsonb not null,
  closed_at timestamptz
);
comment on table ticket is 'A job for whoever looks after the devices. A silent meter is a ticket, never a welfare alert.';
create unique index ticket_open_idx on ticket (meter_id, kind) where closed_at is null;
