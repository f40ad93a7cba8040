-- What people text back. Runs on PostgreSQL 15 to 18.

create table inbound_reply (
  id bigint generated always as identity primary key,
  gateway text not null check (gateway <> ''),
  reference text not null check (reference <> ''),
  phone text not null,
  person_id bigint references person (id),
  body text not null check (length(body) <= 2000),
  meaning text not null check (meaning in ('safe', 'needs_help', 'coming', 'stop', 'start', 'none')),
  received_at timestamptz not null,
  unique (gateway, reference)
);
comment on table inbound_reply is 'What somebody texted back, whole and as it came. Only exact words have a meaning. Append-only: the database refuses to change or delete a line.';
create index inbound_reply_received_idx on inbound_reply (received_at);
create trigger inbound_reply_append_only before update or delete on inbound_reply for each row execute function refuse_change();
create trigger inbound_reply_no_truncate before truncate on inbound_reply for each statement execute function refuse_change();

create table inbound_reply_result (
  reply_id bigint primary key references inbound_reply (id),
  result text not null check (result in ('claimed', 'answered', 'opted_out', 'opted_in', 'kept', 'ambiguous', 'refused', 'unmatched')),
  alert_id bigint references alert (id),
  at timestamptz not null
);
comment on table inbound_reply_result is 'What was done on a reply: it claimed or answered the one alert its sender had, changed whether they want texts, or is left to the desk. Append-only.';
create trigger inbound_reply_result_append_only before update or delete on inbound_reply_result for each row execute function refuse_change();
