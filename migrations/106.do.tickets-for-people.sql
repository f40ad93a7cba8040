-- Tickets that a person can look at and close, and two more kinds: a clock that is off, and a register that stands still.

alter table ticket drop constraint ticket_kind_check;
alter table ticket add constraint ticket_kind_check check (kind in
  ('meter_silent', 'leak', 'register_backward', 'two_registers', 'tamper', 'battery', 'clock_off', 'stuck_at_zero'));
alter table ticket
  add column closed_by text check (closed_by <> ''),
  add column close_note text not null default '',
  add constraint ticket_closed_by_person_check check (closed_by is null or closed_at is not null);
comment on column ticket.closed_by is 'The person who closed it; null where it closed by itself. What a person closed opens anew only where the fault began again since, or is still there after 14 days.';
comment on table ticket is 'A job for whoever looks after the devices and the pipes, told by day and never to a guardian. A leak closes with the first dry hour, a silent meter when it is heard of, a still register when it moves; the others when they have not been seen for 14 days. A leak that comes back within 14 days is the same ticket. evidence holds the figures of its reason.';
create index ticket_newest_idx on ticket (meter_id, kind, id);
