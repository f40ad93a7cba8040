-- An outage of our own: no readings come in at all, as canary meters tell.
alter table outage drop constraint outage_cause_check;
alter table outage add constraint outage_cause_check check (cause in ('silent', 'dry', 'works', 'feed'));
comment on column outage.cause is 'silent or dry: many homes at once; works: entered ahead; feed: the canary meters are not heard of, so nothing may be coming in from anywhere.';
