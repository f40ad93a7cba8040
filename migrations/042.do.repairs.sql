-- What the auditor found wrong and put right.

create table repair (
  kind text primary key,
  times bigint not null check (times > 0),
  last_at timestamptz not null
);
comment on table repair is 'How often something that should never be so was found and put right, by kind; and when last. A kind that was never found has no row.';
