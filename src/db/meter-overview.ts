import { z } from 'zod';
import { METER_FLAGS } from '../domain/metering/meter-flag.ts';
import { type Db, many, maybeOne, sql } from './sql.ts';

const listedRow = z.object({
  serial: z.string(),
  household: z.string().nullable(),
  boundFrom: z.date().nullable(),
  lastReadAt: z.date().nullable(),
});

/** A meter, the home at which it is now, and the time of its newest reading. */
export type ListedMeter = z.output<typeof listedRow>;

export interface MeterListFilter {
  /** Only meters that are at this home (by code) at `at`. */
  readonly household?: string | undefined;
  /** Only meters that are at no home at `at`. */
  readonly isUnbound: boolean;
  readonly at: Date;
  readonly limit: number;
}

/** Meters in order of their serials. */
export function listMeters(db: Db, { household, isUnbound, at, limit }: MeterListFilter): Promise<ListedMeter[]> {
  return many(
    db,
    listedRow,
    sql`
      with listed as (
        select meter.id, serial, household.code as household, bound_from
        from meter
        left join meter_binding on meter_binding.meter_id = meter.id and bound_from <= ${at}
          and (bound_until is null or bound_until > ${at})
        left join household on household.id = household_id
        where (${household}::text is null or household.code = ${household})
          and (not ${isUnbound}::boolean or household_id is null)
        order by serial
        limit ${limit}
      )
      select serial, household, bound_from as "boundFrom", newest.read_at as "lastReadAt"
      from listed
      left join lateral (
        select read_at from register_reading where meter_id = listed.id order by read_at desc limit 1
      ) newest on true
      order by serial
    `,
  );
}

const readingRow = z.object({ readAt: z.date(), indexL: z.number(), receivedAt: z.date() });
export type StoredReading = z.output<typeof readingRow>;

/** The newest reading of a meter that was taken before `before`. */
export function newestReading(db: Db, meterId: number, before: Date): Promise<StoredReading | undefined> {
  return maybeOne(
    db,
    readingRow,
    sql`
      select read_at as "readAt", index_l as "indexL", received_at as "receivedAt"
      from register_reading
      where meter_id = ${meterId} and read_at < ${before}
      order by read_at desc
      limit 1
    `,
  );
}

const flagRow = z.object({ flag: z.enum(METER_FLAGS), firstReportedAt: z.date(), lastReportedAt: z.date() });
export type ReportedFlag = z.output<typeof flagRow>;

/** What a meter has said of itself. */
export function flagsOf(db: Db, meterId: number): Promise<ReportedFlag[]> {
  return many(
    db,
    flagRow,
    sql`
      select flag, first_reported_at as "firstReportedAt", last_reported_at as "lastReportedAt"
      from meter_flag where meter_id = ${meterId} order by flag
    `,
  );
}
