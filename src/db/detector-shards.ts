import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { type Db, execute, many, one, sql, type Tx } from './sql.ts';

const workRow = z.object({ shard: z.number(), homes: z.number() });

/** A shard with homes that wait to be judged, and about how many: one may be counted more than once. */
export type ShardWork = z.output<typeof workRow>;

/**
 * The shards in which something is to be done at `at` and that nobody holds: homes of which something changed, whose time
 * has come, or that were never judged.
 */
export function shardsWithWork(db: Db, at: Date): Promise<ShardWork[]> {
  return many(
    db,
    workRow,
    sql`
      select shard, sum(homes)::int8 as homes
      from (
        select shard, cardinality(household_ids) as homes from judge_note
        union all
        select detector_shard_of(household_id), count(*) from home_watch
        join household on household.id = household_id
        where next_check_at <= ${at} and monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
        group by 1
        union all
        select detector_shard_of(id), count(*) from household
        where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
          and not exists (select from home_watch where home_watch.household_id = household.id)
        group by 1
      ) waiting
      join detector_shard using (shard)
      where leased_until is null or leased_until <= ${at}
      group by shard
      order by shard
    `,
  );
}

const leaseRow = z.object({ shard: z.number(), fence: z.number() });

/** A shard that is this run's for a while. */
export type ShardLease = z.output<typeof leaseRow>;

export interface ShardRequest {
  /** The shards wanted, the most wanted first. */
  readonly shards: readonly number[];
  readonly limit: number;
  readonly at: Date;
  readonly until: Date;
}

/** Takes shards that no other run holds. Whoever held one before, and let its lease run out, has lost it. */
export function leaseShards(db: Db, { shards, limit, at, until }: ShardRequest): Promise<ShardLease[]> {
  return many(
    db,
    leaseRow,
    sql`
      update detector_shard set fence = fence + 1, leased_until = ${until}
      where shard in (
        select shard from detector_shard
        where shard = any (${shards}) and (leased_until is null or leased_until <= ${at})
        order by array_position(${shards}::int[], shard::int)
        limit ${limit}
        for update skip locked
      )
      returning shard, fence
    `,
  );
}

/** Keeps leases for longer. One that was lost stays lost. */
export async function renewShards(db: Db, leases: readonly ShardLease[], until: Date): Promise<void> {
  await setLeasedUntil(db, leases, until);
}

/** Gives shards back, so that the next run need not wait for the leases to run out. */
export async function releaseShards(db: Db, leases: readonly ShardLease[]): Promise<void> {
  await setLeasedUntil(db, leases, null);
}

async function setLeasedUntil(db: Db, leases: readonly ShardLease[], until: Date | null): Promise<void> {
  const [shards, fences] = columnsOf(leases);
  await execute(
    db,
    sql`
      update detector_shard set leased_until = ${until}
      from unnest(${shards}::int[], ${fences}::int8[]) as held (shard, fence)
      where detector_shard.shard = held.shard and detector_shard.fence = held.fence
    `,
  );
}

/**
 * Makes sure that a transaction still may write for these shards, and that nobody takes them over before it ends.
 *
 * @throws AppError `lease_lost` when another run has taken one of them, or what was read of its homes is void.
 */
export async function holdShards(tx: Tx, leases: readonly ShardLease[]): Promise<void> {
  const [shards, fences] = columnsOf(leases);
  const { held } = await one(
    tx,
    z.object({ held: z.number() }),
    sql`
      with standing as (
        select detector_shard.shard
        from detector_shard
        join unnest(${shards}::int[], ${fences}::int8[]) as held (shard, fence)
          on held.shard = detector_shard.shard and held.fence = detector_shard.fence
        for share of detector_shard
      )
      select count(*) as held from standing
    `,
  );
  if (held < leases.length) {
    throw new AppError('lease_lost', 'homes were taken over by another run of the detectors', { retryable: true });
  }
}

function columnsOf(leases: readonly ShardLease[]): [number[], number[]] {
  return [leases.map(({ shard }) => shard), leases.map(({ fence }) => fence)];
}
