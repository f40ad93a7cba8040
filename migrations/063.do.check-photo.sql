-- What somebody photographed at a home check.

create table check_photo (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  person_id bigint not null references person (id),
  link_id bigint not null references verification_link (id),
  received_at timestamptz not null,
  jpeg bytea not null check (length(jpeg) between 1 and 1048576),
  digest bytea not null check (length(digest) = 32),
  width integer not null check (width between 1 and 1600),
  height integer not null check (height between 1 and 1600),
  unique (alert_id, person_id, digest)
);
comment on table check_photo is 'Photos that came with an answer to a home check, drawn anew as JPEG without anything but the picture. They change nothing about the alert. The same photo sent twice is one. Deleted by the housekeeping after 90 days; that one was received stays on the timeline.';
create index check_photo_received_idx on check_photo (received_at);
