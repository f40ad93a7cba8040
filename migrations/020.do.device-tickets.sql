-- Tickets for more than silence: what leaks, what a register did that none should, and what a meter says of itself.

alter table ticket drop constraint ticket_kind_check;
alter table ticket add constraint ticket_kind_check
  check (kind in ('meter_silent', 'leak', 'register_backward', 'two_registers', 'tamper', 'battery'));
comment on table ticket is 'A job for whoever looks after the devices and the pipes, told by day and never to a guardian. evidence.lastSeenAt says when a fault was last seen; all but silence close themselves when it has not been for 14 days.';
