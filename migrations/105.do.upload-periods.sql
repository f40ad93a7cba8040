-- How often each meter is heard of, for meters that report more seldom than every hour.
create table meter_period (
  meter_id bigint primary key references meter (id) on delete cascade,
  period_s integer check (period_s >= 0),
  learned_at timestamptz not null
);
comment on table meter_period is 'How long a meter usually leaves between two arrivals of readings: the 95th percentile of the last 28 days; null where too few are known. Looked up only when a meter has not been heard of for long, so that hourly meters cost nothing. A cache: losing a row makes it be learned anew.';
