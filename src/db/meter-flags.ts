import type { MeterFlag } from '../domain/metering/meter-flag.ts';
import { int8Array } from './array-literal.ts';
import { type Db, execute, sql } from './sql.ts';

export interface FlagReport {
  readonly meterId: number;
  readonly flag: MeterFlag;
  /** By the meter's own clock. */
  readonly reportedAtMs: number;
}

/** Widens the time over which each flag was reported. Reports may come in any order and more than once. */
export async function reportFlags(db: Db, reports: readonly FlagReport[]): Promise<void> {
  await execute(
    db,
    sql`
      insert into meter_flag (meter_id, flag, first_reported_at, last_reported_at)
      select meter_id, flag, to_timestamp(min(at_ms)::float8 / 1000), to_timestamp(max(at_ms)::float8 / 1000)
      from unnest(
        ${int8Array(reports.map(({ meterId }) => meterId))}::int8[],
        ${reports.map(({ flag }) => flag)}::text[],
        ${int8Array(reports.map(({ reportedAtMs }) => reportedAtMs))}::int8[]
      ) as report (meter_id, flag, at_ms)
      group by meter_id, flag
      order by meter_id, flag
      on conflict (meter_id, flag) do update
      set first_reported_at = least(meter_flag.first_reported_at, excluded.first_reported_at),
          last_reported_at = greatest(meter_flag.last_reported_at, excluded.last_reported_at)
    `,
  );
}
