-- Runs on PostgreSQL 15 to 18.

alter table delivery add column maybe_duplicate boolean not null default false;
comment on column delivery.maybe_duplicate is 'Sent again after an earlier attempt of unknown fate was looked up at the gateway in vain: where its list lags behind, the text may arrive twice. There is at most one such attempt a text.';
