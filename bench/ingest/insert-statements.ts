/** What the peers write a message with: one statement, repeats ignored. */
export const INSERT_ONE = `
  insert into register_reading (meter_id, read_at, index_l, received_at)
  values ($1, $2, $3, $4) on conflict do nothing
`;

/** Many rows at once, from arrays; the time of reception is one for all. */
export const INSERT_MANY = `
  insert into register_reading (meter_id, read_at, index_l, received_at)
  select meter_id, read_at, index_l, $4
  from unnest($1::bigint[], $2::timestamptz[], $3::bigint[]) as reading (meter_id, read_at, index_l)
  on conflict do nothing
`;
