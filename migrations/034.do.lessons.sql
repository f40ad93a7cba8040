-- What the answers at home checks teach of a home.

create table lesson (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id),
  alert_id bigint not null references alert (id),
  verification_id bigint references verification (id),
  learned_at timestamptz not null,
  from_step smallint not null check (from_step between -3 and 3),
  to_step smallint not null check (to_step between -3 and 3),
  run_from timestamptz,
  run_until timestamptz,
  undoes bigint unique references lesson (id),
  check ((run_from is null) = (run_until is null) and run_from <= run_until),
  check (undoes is null or run_from is null),
  check (from_step <> to_step or run_from is not null or undoes is not null)
);
comment on table lesson is 'What an answer taught of a home: a step of its sensitivity, and a time whose dry run says nothing of how long its people usually pause. The last line tells the step of the home. Undone by a further line. Append-only: the database refuses to change or delete one.';
comment on column lesson.verification_id is 'The answer it follows from; null when somebody undid it by hand.';
comment on column lesson.learned_at is 'It counts for pauses judged from then on, and changes nothing that was found before.';
comment on column lesson.run_from is 'Runs that touch the time from run_from to run_until are left out of the pauses the home is known by.';
comment on column lesson.undoes is 'The line that this one takes back, its step and its run.';
create index lesson_household_idx on lesson (household_id, id);
create index lesson_alert_idx on lesson (alert_id);
create trigger lesson_append_only before update or delete on lesson for each row execute function refuse_change();
create trigger lesson_no_truncate before truncate on lesson for each statement execute function refuse_change();
