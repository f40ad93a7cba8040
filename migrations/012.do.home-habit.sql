-- What detectors know of the people of a home from its readings, so that these are not read again for every judgement.

create table home_habit (
  household_id bigint primary key references household (id) on delete cascade,
  complete_until timestamptz not null,
  version integer not null,
  pauses bytea not null,
  days bytea not null
);
comment on table home_habit is 'A cache: how long a home pauses between uses and what its days are like, from the readings up to complete_until. Rebuilt from them where the row is missing or of another version; a late reading cuts it back.';
