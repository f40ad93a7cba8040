-- Once a day all meters are looked at together, for what no single upload tells; once a week the habits of homes.
alter table upkeep_run drop constraint upkeep_run_task_check;
alter table upkeep_run add constraint upkeep_run_task_check check (task in ('roll_up', 'retention', 'survey', 'drift'));

create table routine_drift (
  household_id bigint not null references household (id) on delete cascade,
  noted_at timestamptz not null,
  week date not null,
  measure text not null check (measure in ('litres', 'hours')),
  evidence jsonb not null,
  primary key (household_id, week, measure)
);
comment on table routine_drift is 'Homes whose people use less water, or in fewer hours, than they used to, week by week: advice for a person to read, and never an alert. week is the Monday of the week in which the list was made.';
create index routine_drift_week_idx on routine_drift (week);
