-- How often a text may have left without anybody knowing: it is kept with the text, and not only with the attempt, for
-- an attempt that spoke for several homes is an attempt of each of them.

alter table outbox add column lost_attempts smallint not null default 0 check (lost_attempts >= 0);

update outbox set lost_attempts = lost.times
from (
  select outbox_id, count(*) as times from delivery
  where failure_cause in ('not_found_at_gateway', 'fate_unknown')
  group by outbox_id
) as lost
where outbox.id = lost.outbox_id;

alter table outbox add column may_have_left boolean not null
  generated always as (state in ('sending', 'sent', 'unknown') or lost_attempts > 0) stored;

comment on column outbox.lost_attempts is 'Attempts that were given up because nobody could tell what became of them, of this text or of the one that spoke for it. The next one is flagged as one that may come twice, and is the last.';
comment on column outbox.may_have_left is 'Whether its reader may have it: then they are told the end of what it is about.';
