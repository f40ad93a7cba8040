import { z } from 'zod';
import { type Db, execute, many, sql, type Tx } from './sql.ts';

const newsRow = z.object({
  communityId: z.number(),
  /** Tickets that are open, those of them that nobody was told of, and how many are for tampering. */
  open: z.number(),
  fresh: z.number(),
  tampered: z.number(),
  /** Homes on the newest list of changed habits, and those of them that nobody was told of. */
  drifts: z.number(),
  freshDrifts: z.number(),
});

/** What there is to see to in a community besides alerts. */
export type CommunityTickets = z.output<typeof newsRow>;

/** The communities with open tickets, or with homes on the newest list of changed habits. */
export function communityTickets(db: Db): Promise<CommunityTickets[]> {
  return many(
    db,
    newsRow,
    sql`
      with matter as (
        select household_id, 1 as open, (told_at is null)::int as fresh, (kind = 'tamper')::int as tampered,
               0 as drifts, 0 as fresh_drifts
        from ticket where closed_at is null
        union all
        select household_id, 0, 0, 0, 1, bool_or(told_at is null)::int
        from routine_drift where week = (select max(week) from routine_drift) group by household_id
      )
      select community_id as "communityId", sum(open)::int as open, sum(fresh)::int as fresh,
             sum(tampered)::int as tampered, sum(drifts)::int as drifts, sum(fresh_drifts)::int as "freshDrifts"
      from matter join household on household.id = household_id
      group by 1 order by 1
    `,
  );
}

/** Notes that somebody has been told of all the open tickets, and of the newest list, of these communities. */
export async function markTicketsTold(tx: Tx, communityIds: readonly number[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      update ticket set told_at = ${at}
      from household
      where household.id = household_id and community_id = any (${communityIds})
        and closed_at is null and told_at is null
    `,
  );
  await execute(
    tx,
    sql`
      update routine_drift set told_at = ${at}
      from household
      where household.id = household_id and community_id = any (${communityIds})
        and told_at is null and week = (select max(week) from routine_drift)
    `,
  );
}
