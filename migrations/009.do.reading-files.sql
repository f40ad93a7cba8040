-- Files of readings that are being taken in, and how far, so that a run that was broken off goes on where it was.

create table reading_file (
  content_key bytea primary key check (octet_length(content_key) = 32),
  taken_bytes bigint not null check (taken_bytes >= 0),
  taken_lines bigint not null check (taken_lines >= 0),
  taken_sha256 bytea not null check (octet_length(taken_sha256) = 32),
  rejected_file text,
  rejected_bytes bigint not null default 0 check (rejected_bytes >= 0),
  totals jsonb not null,
  saved_at timestamptz not null,
  check (rejected_file is not null or rejected_bytes = 0)
);
comment on table reading_file is 'A file of readings that is not taken in to its end yet. content_key is the SHA-256 of its beginning and taken_sha256 that of all bytes up to taken_bytes, by which a changed file is known. rejected_file is the name of the file that its rejected lines go to. The row goes when the file is done.';
create index reading_file_saved_idx on reading_file (saved_at);
