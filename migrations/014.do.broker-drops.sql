-- What the broker says of the messages that it dropped, so that a rise is seen also when it happened while the service
-- was away: that is when queues fill up.

create table broker_drops (
  client text primary key,
  counter bigint not null check (counter >= 0),
  dropped bigint not null default 0 check (dropped >= 0),
  heard_at timestamptz not null,
  rose_at timestamptz
);
comment on table broker_drops is 'How many messages the broker dropped, as each ingester hears it. client is the name of its session, counter what the broker said last (it begins at 0 when a broker starts), dropped what that adds up to since this client first heard it, and rose_at when it last grew. A row that nobody has heard for 30 days goes.';
