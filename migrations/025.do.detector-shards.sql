-- Detector runs divide the homes among themselves: shards under leases, and notes of what is to be judged in each.

create table detector_shard (
  shard smallint primary key,
  fence bigint not null default 0,
  leased_until timestamptz
);
comment on table detector_shard is 'A sixteenth of the homes, judged by one process at a time: whoever took the shard last, until leased_until. Each taking moves the fence on, and every transaction of a run begins by making sure that its fence stands: a process that froze and wakes after another took over writes nothing.';
insert into detector_shard (shard) select generate_series(0, 15);

create function detector_shard_of(household_id bigint) returns smallint
  language sql immutable parallel safe return (household_id % 16)::smallint;
comment on function detector_shard_of(bigint) is 'The shard to which a home belongs, for good.';

create table judge_note (
  id bigint generated always as identity primary key,
  shard smallint not null references detector_shard (shard),
  noted_at timestamptz not null,
  household_ids bigint[] not null,
  changed_from timestamptz[] not null,
  check (cardinality(household_ids) = cardinality(changed_from))
);
comment on table judge_note is 'Which homes of a shard are to be judged, and from when on: the batch notes divided by shard, and homes of which something else changed. noted_at is when the readings came. Only added to, and deleted when the homes have been judged and acted on.';
create index judge_note_shard_idx on judge_note (shard, id);

comment on table ingest_batch is 'What changed, written in the transaction that stored the readings: for each meter of the batch its earliest new reading. The detector run divides these rows by home and shard (judge_note), hands them on to the roll-up (roll_up_note) and deletes them, in one statement.';
comment on table home_watch is 'The last judgement of each home and when it must be looked at again even if nothing arrives. judge_from is set while the home could not be judged: its readings are still to be looked at from there on. A cache but for that: deleting a row only makes the home be judged again.';
