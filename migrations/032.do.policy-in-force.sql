-- The policy that the service goes by where no policy file is set.
create table policy_in_force (
  id bigint generated always as identity primary key,
  policy jsonb not null,
  price jsonb not null,
  enabled_at timestamptz not null,
  enabled_by text not null check (enabled_by <> ''),
  reason text check (reason <> '')
);
comment on table policy_in_force is 'The policies that were enabled, each with what it would have cost on past readings, by whom and why. The newest is in force. Append-only: the database refuses to change or delete a line.';
create trigger policy_in_force_append_only before update or delete on policy_in_force for each row execute function refuse_change();
create trigger policy_in_force_no_truncate before truncate on policy_in_force for each statement execute function refuse_change();
