-- Texts that wait for a reason, and texts that travel together. Runs unchanged on PostgreSQL 15 to 18 and on TimescaleDB.

alter table outbox
  add column held_for text check (held_for in ('quiet_hours', 'number_cap', 'service_cap')),
  add column bundled_with bigint references outbox (id);
comment on column outbox.held_for is 'Why a waiting text was held last; it stays as a record when the text has left.';
comment on column outbox.bundled_with is 'The text that speaks for this one: one message to one number about several homes. Its state is this one''s too.';
create index outbox_bundle_idx on outbox (bundled_with) where bundled_with is not null;
create index outbox_person_idx on outbox (person_id, id);
-- What was sent in the last hour is counted before each batch.
create index delivery_started_idx on delivery (started_at);
