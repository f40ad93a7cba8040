import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, many, sql } from './sql.ts';

/** What can be missing in the coming week: anybody of a home's own, all of them at once, or somebody on duty. */
export const ROSTER_GAPS = ['nobody', 'all_away', 'empty_slot'] as const;

export interface GapsToNote {
  readonly at: Date;
  /** Until when leave is looked at. */
  readonly until: Date;
  /** Slots that nobody fills: the code of the community and when each begins. */
  readonly slots: readonly { readonly community: string; readonly fromAt: Date }[];
}

const openedRow = z.object({ kind: z.enum(ROSTER_GAPS), opened: z.number() });

/** Brings the gaps on record in line with the roster: new ones are opened, filled ones closed. Returns how many are new. */
export function noteRosterGaps(
  db: Db,
  { at, until, slots }: GapsToNote,
): Promise<readonly z.output<typeof openedRow>[]> {
  return many(
    db,
    openedRow,
    sql`
      with given as materialized (
        select kind, community_id, household_id, from_at from homes_without_people(${at}, ${until})
        union all
        select distinct 'empty_slot', community.id, null::bigint, slot."fromAt"
        from json_to_recordset(${JSON.stringify(slots)}) as slot (community text, "fromAt" timestamptz)
        join community on community.code = slot.community
      ), closed as (
        update roster_gap set closed_at = ${at}
        where closed_at is null
          and not exists (select from given where given.kind = roster_gap.kind
                          and given.community_id = roster_gap.community_id and given.from_at = roster_gap.from_at
                          and given.household_id is not distinct from roster_gap.household_id)
      ), opened as (
        insert into roster_gap (kind, community_id, household_id, from_at, opened_at)
        select kind, community_id, household_id, from_at, ${at} from given
        on conflict (kind, community_id, household_id, from_at) where closed_at is null do nothing
        returning kind
      )
      select kind, count(*) as opened from opened group by kind order by kind
    `,
  );
}

const slotRow = z.object({ community: z.string(), fromAt: z.date() });

/** The empty slots on record that have begun by `at`. */
export function slotsEmptyNow(db: Db, at: Date): Promise<z.output<typeof slotRow>[]> {
  return many(
    db,
    slotRow,
    sql`
      select community.code as community, max(from_at) as "fromAt"
      from roster_gap join community on community.id = community_id
      where kind = 'empty_slot' and closed_at is null and from_at <= ${at}
      group by 1
    `,
  );
}

const gapsRow = z.object({
  communityId: z.number(),
  homes: z.number(),
  /** The home that will be without people first. */
  firstHome: z.string().nullable(),
  slots: z.number(),
  firstSlotAt: z.date().nullable(),
  /** Whether there are some of which nobody has been told. */
  isNews: z.boolean(),
});

/** The gaps of a community that are open now. */
export type CommunityGaps = z.output<typeof gapsRow>;

/** The communities that have gaps, with what is missing there. */
export function openRosterGaps(db: Db): Promise<CommunityGaps[]> {
  return many(
    db,
    gapsRow,
    sql`
      select roster_gap.community_id as "communityId", count(household_id) as homes,
             (array_agg(household.code order by from_at, household.code) filter (where household_id is not null))[1]
               as "firstHome",
             count(*) filter (where household_id is null) as slots,
             min(from_at) filter (where household_id is null) as "firstSlotAt", bool_or(told_at is null) as "isNews"
      from roster_gap left join household on household.id = household_id
      where closed_at is null
      group by 1 order by 1
    `,
  );
}

const staffRow = z.object({ communityId: z.number(), personId: z.number(), role: z.enum(ROLES) });

/** Whoever sees to the roster of these communities: the nearest supervisor who takes texts, or else the nearest desk. */
export function rosterKeepers(db: Db, communityIds: readonly number[]): Promise<z.output<typeof staffRow>[]> {
  return many(
    db,
    staffRow,
    sql`
      select distinct on (leaf_id) leaf_id as "communityId", person_id as "personId", role
      from unnest(${communityIds}::bigint[]) as leaf (leaf_id)
      cross join communities_above(leaf_id) above
      join community_staff on community_staff.community_id = above.community_id
      join person on person.id = person_id and opted_out_at is null
      order by leaf_id, role = 'desk', distance, position
    `,
  );
}

/** Notes that somebody has been told of all that is open at these communities. */
export async function markGapsTold(tx: Db, communityIds: readonly number[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      update roster_gap set told_at = ${at}
      where closed_at is null and told_at is null and community_id = any (${communityIds})
    `,
  );
}
