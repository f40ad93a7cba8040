-- Who stands in for whom, and who is on duty when.

create table leave (
  id bigint generated always as identity primary key,
  person_id bigint not null references person (id) on delete cascade,
  away_from timestamptz not null,
  away_until timestamptz not null,
  substitute_id bigint references person (id) on delete cascade,
  check (away_until > away_from),
  check (substitute_id <> person_id)
);
comment on table leave is 'When somebody who answers for homes is away, and who stands in for them. Open alerts go to the substitute when it begins.';
create index leave_person_idx on leave (person_id, away_until);

create table duty_shift (
  id bigint generated always as identity primary key,
  community_id bigint not null references community (id) on delete cascade,
  person_id bigint not null references person (id) on delete cascade,
  weekday smallint check (weekday between 1 and 7),
  on_date date,
  from_minute smallint not null check (from_minute between 0 and 1439),
  until_minute smallint not null check (until_minute between 1 and 1440),
  check ((weekday is null) <> (on_date is null))
);
comment on table duty_shift is 'The rota of a duty desk, by the clock on the wall where the home is. Weekday 1 is Monday. A shift whose end is not later than its beginning lasts into the next day. The shifts of a date take the place of those of its weekday: so holidays and swaps are written.';
create index duty_shift_community_idx on duty_shift (community_id);
