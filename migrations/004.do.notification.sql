-- The decision to tell somebody, and what became of it.

create table outbox (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  step integer not null,
  person_id bigint not null references person (id),
  role text not null check (role in ('guardian', 'contact', 'supervisor', 'desk')),
  channel text not null default 'sms' check (channel in ('sms')),
  intent text not null check (intent in ('check_request', 'emergency', 'stand_down')),
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'unknown', 'failed', 'muted')),
  requested_at timestamptz not null,
  not_before timestamptz not null,
  attempts integer not null default 0,
  lease_until timestamptz,
  fence bigint not null default 0,
  settled_at timestamptz,
  check ((state = 'sending') = (lease_until is not null)),
  unique (alert_id, intent, step, person_id, channel)
);
comment on table outbox is 'One text owed to one person, written in the transaction that decided it. The unique key makes asking twice a no-op. fence counts the leases: a sender that wakes after its lease ran out finds it moved on.';
create index outbox_due_idx on outbox (not_before) where state in ('waiting', 'sending');

create table delivery (
  id bigint generated always as identity primary key,
  outbox_id bigint not null references outbox (id),
  gateway text not null,
  reference text,
  status text not null check (status in ('started', 'unknown', 'accepted', 'sent', 'delivered', 'undelivered', 'failed')),
  failure_code text,
  failure_cause text,
  parts smallint not null,
  started_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table delivery is 'One attempt to hand a text to a gateway, with what the gateway and its receipts said of it. undelivered and failed are failures; unknown is looked up, never repeated blindly.';
create unique index delivery_reference_idx on delivery (gateway, reference) where reference is not null;
create index delivery_outbox_idx on delivery (outbox_id);

create table receipt (
  id bigint generated always as identity primary key,
  gateway text not null,
  reference text not null,
  status text not null check (status in ('accepted', 'sent', 'delivered', 'undelivered', 'failed')),
  failure_code text,
  received_at timestamptz not null,
  applied_at timestamptz,
  unique nulls not distinct (gateway, reference, status, failure_code)
);
comment on table receipt is 'A gateway''s word on a text, as it came. One that overtakes its own delivery waits here until the delivery is known.';
create index receipt_waiting_idx on receipt (gateway, reference) where applied_at is null;
