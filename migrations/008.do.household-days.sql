-- What each home used on each of its own local days, in place of a view of one zone for everybody.

do $$
begin
  if exists (select from pg_class where relname = 'register_day' and relnamespace = 'public'::regnamespace) then
    if exists (select from pg_extension where extname = 'timescaledb') then
      drop materialized view register_day;
    else
      drop view register_day;
    end if;
  end if;
end
$$;

create table household_day (
  household_id bigint not null references household (id) on delete cascade,
  local_day date not null,
  day_s integer not null check (day_s > 0),
  known_s integer not null check (known_s between 0 and day_s),
  readings integer not null check (readings >= 0),
  litres bigint not null check (litres >= 0),
  estimated_l bigint not null check (estimated_l between 0 and litres),
  has_gap boolean not null,
  has_backflow boolean not null,
  has_new_dial boolean not null,
  primary key (household_id, local_day)
);
comment on table household_day is 'A home''s water on one day of its own calendar. day_s is how long the day was (a change of clocks makes it 23 or 25 hours), known_s for how much of it the water is known. estimated_l is the part of litres that was divided over a midnight. No row: nothing is known of the day. Outlives the readings it was added up from; until then it can be rebuilt from them.';

create table register_floor (
  meter_id bigint not null references meter (id) on delete cascade,
  household_id bigint not null references household (id) on delete cascade,
  read_at timestamptz not null,
  floor_l bigint not null check (floor_l > 0),
  primary key (meter_id, household_id, read_at)
);
comment on table register_floor is 'Where the last reading of a local day stands below a register reached before it: that register. The next day is added up from there, so that water which flowed back and forth is not taken for use. Rebuilt together with household_day.';
create index register_floor_household_idx on register_floor (household_id, read_at);

create table roll_up_note (
  id bigint generated always as identity primary key,
  subject text not null check (subject in ('meter', 'household')),
  ids bigint[] not null,
  changed_from timestamptz[] not null,
  check (cardinality(ids) = cardinality(changed_from))
);
comment on table roll_up_note is 'Which meters or households changed, and from when on: their days are to be added up again. The detector run hands its notes on to here; triggers note what changes in the roster. The roll-up deletes a note with the days that it led to.';

create table upkeep_run (
  task text primary key check (task in ('roll_up', 'retention')),
  finished_at timestamptz not null
);
comment on table upkeep_run is 'When a job that nobody waits for last came to its end, so that a standstill can be seen.';

-- What changes in the roster is noted by triggers, one note a statement. Notes are only added, so nobody waits.

create function note_bindings() returns trigger language plpgsql as $$
begin
  insert into roll_up_note (subject, ids, changed_from)
  select 'household', array_agg(household_id), array_agg(bound_from)
  from (select household_id, min(bound_from) as bound_from from changed_binding group by 1) home
  having count(*) > 0;
  return null;
end
$$;
comment on function note_bindings() is 'Notes the households to which meters were bound, or bound no more, from that binding on.';
create trigger meter_binding_added after insert on meter_binding referencing new table as changed_binding
  for each statement execute function note_bindings();
create trigger meter_binding_removed after delete on meter_binding referencing old table as changed_binding
  for each statement execute function note_bindings();

create function note_moved_bindings() returns trigger language plpgsql as $$
begin
  insert into roll_up_note (subject, ids, changed_from)
  select 'household', array_agg(household_id), array_agg(changed_from)
  from (
    select household_id, min(changed_from) as changed_from
    from (
      select id, case when (was.meter_id, was.household_id, was.bound_from) = (is_now.meter_id, is_now.household_id, is_now.bound_from)
                 then least(was.bound_until, is_now.bound_until) else least(was.bound_from, is_now.bound_from) end as changed_from
      from binding_before was join binding_after is_now using (id)
      where (was.meter_id, was.household_id, was.bound_from, was.bound_until)
        is distinct from (is_now.meter_id, is_now.household_id, is_now.bound_from, is_now.bound_until)
    ) moved
    join lateral (
      select household_id from binding_before where binding_before.id = moved.id
      union select household_id from binding_after where binding_after.id = moved.id
    ) touched on true
    group by 1
  ) home
  having count(*) > 0;
  return null;
end
$$;
comment on function note_moved_bindings() is 'Notes the households of bindings that changed, from the moment that is no longer as it was.';
create trigger meter_binding_moved after update on meter_binding
  referencing old table as binding_before new table as binding_after
  for each statement execute function note_moved_bindings();

create function note_other_zones() returns trigger language plpgsql as $$
begin
  insert into roll_up_note (subject, ids, changed_from)
  select 'household', array_agg(id), array_agg(timestamptz '-infinity')
  from household_before was join household_after is_now using (id)
  where was.time_zone <> is_now.time_zone
  having count(*) > 0;
  return null;
end
$$;
comment on function note_other_zones() is 'Notes the households whose days begin at other moments from now on.';
create trigger household_zone_changed after update on household
  referencing old table as household_before new table as household_after
  for each statement execute function note_other_zones();

create function note_other_traits() returns trigger language plpgsql as $$
begin
  insert into roll_up_note (subject, ids, changed_from)
  select 'meter', array_agg(id), array_agg(timestamptz '-infinity')
  from meter_before was join meter_after is_now using (id)
  where (was.nominal_interval_s, was.register_capacity_l)
    is distinct from (is_now.nominal_interval_s, is_now.register_capacity_l)
  having count(*) > 0;
  return null;
end
$$;
comment on function note_other_traits() is 'Notes the meters whose readings are understood in another way from now on.';
create trigger meter_traits_changed after update on meter
  referencing old table as meter_before new table as meter_after
  for each statement execute function note_other_traits();

-- The first run adds up all there is.
insert into roll_up_note (subject, ids, changed_from)
select 'household', array_agg(id), array_agg(timestamptz '-infinity') from household group by id / 50;
