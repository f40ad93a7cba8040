-- What is known of a home grows by a few bytes a day: they are added to a short column, and the long ones are written anew
-- only now and then.
alter table home_habit
  add column recent_pauses bytea not null default '',
  add column recent_days bytea not null default '',
  alter column pauses set storage external,
  alter column days set storage external;
comment on table home_habit is 'A cache: how long a home pauses between uses and what its days are like, from the readings up to complete_until. The recent columns are what was added since the others were written. Rows of another version than the program''s are built anew.';
