-- Many homes at once: outages and planned works of an area, alerts held back because of them, and texts that belong to
-- no alert.

create table outage (
  id bigint generated always as identity primary key,
  cause text not null check (cause in ('silent', 'dry', 'works')),
  scope_kind text not null check (scope_kind in ('community', 'gateway', 'dma', 'everywhere')),
  scope text not null,
  began_at timestamptz not null,
  noticed_at timestamptz not null,
  held_until timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('recovered', 'expired', 'person')),
  homes integer not null default 0 check (homes >= 0),
  affected integer not null default 0 check (affected >= 0),
  usual_share real check (usual_share between 0 and 1),
  declared_by text,
  note text not null default '',
  check ((scope_kind = 'everywhere') = (scope = '')),
  check ((ended_at is null) = (ended_by is null)),
  check ((cause = 'works') = (declared_by is not null)),
  check (held_until > began_at)
);
comment on table outage is 'Many homes of one area that fell silent or dry at once, or works of the utility entered ahead (works: began_at to held_until is what was announced). Until held_until alerts of the area wait; that time is never moved on. scope is the code of a community, or the name of a gateway or a DMA.';
create unique index outage_open_idx on outage (scope_kind, scope, cause) where ended_at is null and cause <> 'works';
create index outage_held_idx on outage (held_until) where ended_at is null;

create table outage_event (
  id bigint generated always as identity primary key,
  outage_id bigint not null references outage (id),
  at timestamptz not null,
  type text not null check (type in ('noticed', 'entered', 'told', 'hold_over', 'ended')),
  detail jsonb not null default '{}'
);
comment on table outage_event is 'The timeline of an outage: when it was noticed, who was told, when the hold was over, how it ended. Append-only.';
create index outage_event_outage_idx on outage_event (outage_id, id);
create trigger outage_event_append_only before update or delete on outage_event for each row execute function refuse_change();
create trigger outage_event_no_truncate before truncate on outage_event for each statement execute function refuse_change();

create table alert_hold (
  id bigint generated always as identity primary key,
  household_id bigint not null references household (id) on delete cascade,
  cause text not null check (cause in ('outage', 'volume')),
  outage_id bigint references outage (id),
  tier smallint not null check (tier between 1 and 3),
  dry_since timestamptz not null,
  held_at timestamptz not null,
  held_until timestamptz not null,
  released_at timestamptz,
  released_as text check (released_as in ('raised', 'over')),
  check ((cause = 'outage') <= (outage_id is not null)),
  check ((released_at is null) = (released_as is null)),
  check (held_until >= held_at)
);
comment on table alert_hold is 'A home whose alert waits: because of an outage or works of its area, or because more alerts came at once than anybody can look after. It is a delay with a deadline: at held_until, or before, the alert is raised, or the home uses water again. Whoever is of a higher tier and has been without water for longer goes first.';
create unique index alert_hold_open_idx on alert_hold (household_id) where released_at is null;
create index alert_hold_queue_idx on alert_hold (tier, dry_since) where released_at is null;

create table area_norm (
  scope_kind text not null check (scope_kind in ('community', 'gateway', 'dma', 'everywhere')),
  scope text not null,
  cause text not null check (cause in ('silent', 'dry')),
  hour smallint not null check (hour between 0 and 23),
  share real not null check (share between 0 and 1),
  times integer not null check (times > 0),
  learnt_at timestamptz not null,
  primary key (scope_kind, scope, cause, hour)
);
comment on table area_norm is 'Which share of an area''s homes is silent or dry at an hour of the UTC day, as it has been: a moving mean over days, without outages and public holidays. A cache: losing it makes the defaults stand until it is learnt anew.';

create table notice (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('area_outage', 'look_in', 'absence_ended')),
  household_id bigint references household (id) on delete cascade,
  outage_id bigint references outage (id),
  detail jsonb not null default '{}',
  created_at timestamptz not null,
  over_at timestamptz,
  check ((kind = 'area_outage') = (household_id is null)),
  check ((kind = 'area_outage') = (outage_id is not null))
);
comment on table notice is 'Something people are told or asked that is no welfare alert: an outage of their area, a home that cannot be watched, an absence that water ended. detail holds figures for the text, never a name or a phone. Texts that still wait at over_at are not sent.';
create unique index notice_outage_idx on notice (outage_id) where outage_id is not null;
create index notice_household_idx on notice (household_id, created_at) where household_id is not null;

alter table outbox
  alter column alert_id drop not null,
  add column notice_id bigint references notice (id) on delete cascade,
  add constraint outbox_subject_check check (num_nonnulls(alert_id, notice_id) = 1),
  add constraint outbox_notice_key unique (notice_id, step, person_id, channel);
comment on table outbox is 'One text owed to one person, about an alert or a notice, written in the transaction that decided it. The unique keys make asking twice a no-op. fence counts the leases: a sender that wakes after its lease ran out finds it moved on.';
