-- Which of their numbered messages the senders know to be stored, and which are missing.

create table sequence_note (
  id bigint generated always as identity primary key,
  noted_at timestamptz not null,
  senders text[] not null,
  streams text[] not null,
  first_seqs bigint[] not null,
  last_seqs bigint[] not null,
  oldest_seqs bigint[] not null,
  check (cardinality(senders) = cardinality(streams)),
  check (cardinality(senders) = cardinality(first_seqs)),
  check (cardinality(senders) = cardinality(last_seqs)),
  check (cardinality(senders) = cardinality(oldest_seqs))
);
comment on table sequence_note is 'Which numbers came in a batch, written in the transaction that stored it: ranges, both ends included, and the lowest number that the sender can still send (null where it did not say). Whoever merges them into sender_stream deletes them in the same transaction.';

create table sender_stream (
  sender text not null,
  stream text not null,
  next_seq bigint not null check (next_seq >= 0),
  first_heard_at timestamptz not null,
  last_heard_at timestamptz not null,
  primary key (sender, stream)
) with (fillfactor = 70);
comment on table sender_stream is 'One unbroken count of a sender: every number below next_seq is stored, or is in sequence_gap. The stream is empty where the sender names none.';

create table sequence_gap (
  id bigint generated always as identity primary key,
  sender text not null,
  stream text not null,
  first_seq bigint not null check (first_seq >= 0),
  last_seq bigint not null,
  before_first boolean not null,
  seen_at timestamptz not null,
  times_asked integer not null,
  asked_at timestamptz,
  ask_at timestamptz not null,
  given_up_at timestamptz,
  check (last_seq >= first_seq)
);
comment on table sequence_gap is 'Numbers of a stream that have not come, both ends included. Until given_up_at is set they are asked for again and hold back what is acknowledged. before_first: numbers before the first that was ever heard of a sender that does not say it keeps them; as a rule they were sent before this service listened.';
create index sequence_gap_open_idx on sequence_gap (sender, stream, first_seq) where given_up_at is null;
create index sequence_gap_due_idx on sequence_gap (ask_at) where given_up_at is null;
create index sequence_gap_given_up_idx on sequence_gap (given_up_at) where given_up_at is not null;
