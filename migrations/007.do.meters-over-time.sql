-- What the dials showed when meters came and went, and a quarantine out of which messages find their way back.

alter table meter_binding
  add column first_index_l bigint check (first_index_l >= 0),
  add column final_index_l bigint check (final_index_l >= 0);
comment on table meter_binding is 'Which home a meter measured, from when until when. A reading belongs to the home of its own time; one at bound_until to the next binding. A meter is at one home at a time. first_index_l and final_index_l are what whoever put the meter in or took it out read off its dial: kept on file, and no readings.';

alter table quarantined_message
  add column serial text,
  add column sender text generated always as (split_part(topic, '/', 1) || '/' || split_part(topic, '/', 2)) stored,
  add column retried_at timestamptz;
comment on table quarantined_message is 'A message that could not be taken as readings, whole or in part, kept with the reason. payload is whole up to 256 KiB; of a larger one it holds the first 64 KiB. payload_bytes is its full length. serial is the meter it speaks of, where that could be read; sender the beginning of its topic, for which access rules are written. replayed_at is set once it was taken after all, retried_at when it was tried again and refused again.';

-- The sentence that said so was the only place where the meter stood.
update quarantined_message
set serial = substring(detail from '^no meter ([A-Za-z0-9._:-]{1,64}) is registered$')
where reason = 'unknown_meter';

create index quarantined_message_serial_idx on quarantined_message (serial)
  where reason = 'unknown_meter' and replayed_at is null;
