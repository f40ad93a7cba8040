-- What became of a text whose receipt never came is asked of the gateway.

alter table delivery add column asked_at timestamptz;
comment on column delivery.asked_at is 'When the gateway was last asked what became of a text it took, because no receipt said so in time. Null while nobody asked.';
