-- A note of a batch is read and deleted within a minute. To compress its two lists took longer than to store a thousand
-- readings.
alter table ingest_batch alter column meter_ids set storage external;
alter table ingest_batch alter column first_read_at set storage external;
