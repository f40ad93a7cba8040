-- At which hours somebody can be asked about a home. Runs on PostgreSQL 15 to 18.

alter table pairing
  add column from_minute smallint check (from_minute between 0 and 1439),
  add column until_minute smallint check (until_minute between 1 and 1440),
  add constraint pairing_hours_check check ((from_minute is null) = (until_minute is null) and from_minute <> until_minute);
comment on column pairing.from_minute is 'From when on they can be asked, in minutes since midnight by the clock on the wall of the home; null: at any hour. Outside of their hours the next in order is asked. Needing help pays no heed to it.';
comment on column pairing.until_minute is 'Until when. Not later than from_minute: into the next day.';
