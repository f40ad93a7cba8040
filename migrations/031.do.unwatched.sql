-- For how long homes could not be watched, so that each hour of a month is watched, away or unwatched.
create table unwatched_span (
  household_id bigint not null references household (id) on delete cascade,
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (household_id, from_at),
  check (until_at is null or until_at >= from_at)
);
comment on table unwatched_span is 'A time in which the readings of a home did not tell whether water was used. Kept by triggers on home_watch, so that whoever judges homes need not think of it.';
create unique index unwatched_span_open_idx on unwatched_span (household_id) where until_at is null;

create function note_unwatched() returns trigger language plpgsql as $$
begin
  update unwatched_span set until_at = greatest(watched.judged_at, from_at)
  from watch_after watched
  where watched.household_id = unwatched_span.household_id and watched.unwatched_since is null and until_at is null;
  insert into unwatched_span (household_id, from_at)
  select household_id, unwatched_since from watch_after
  where unwatched_since is not null
    and not exists (select from unwatched_span open
                    where open.household_id = watch_after.household_id and open.until_at is null)
  on conflict (household_id, from_at) do update set until_at = null;
  return null;
end
$$;
comment on function note_unwatched() is 'Opens a span for each home that cannot be judged any more, and closes that of each home that can.';
create trigger home_watch_added after insert on home_watch referencing new table as watch_after
  for each statement execute function note_unwatched();
create trigger home_watch_judged after update on home_watch referencing new table as watch_after
  for each statement execute function note_unwatched();
insert into unwatched_span (household_id, from_at)
select household_id, unwatched_since from home_watch where unwatched_since is not null;
