import { AppError } from '../core/errors.ts';
import {
  holdShards,
  leaseShards,
  releaseShards,
  renewShards,
  type ShardLease,
  type ShardWork,
} from '../db/detector-shards.ts';
import { guardedPool } from '../db/sql.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { DetectorDeps } from './detector-deps.ts';

/** The homes of a process that died are judged by another one this much later. */
const LEASE_MS = 60 * SECOND_MS;
const RENEW_EVERY_MS = LEASE_MS / 4;

/**
 * Takes shards with about so many homes to judge, or more of them where few wait, and does `work` for them. All that it
 * writes in transactions is written only while the leases stand. Undefined when every shard is held by others.
 *
 * @throws AppError `lease_lost` when another run took over meanwhile: what was not written yet is for that one to judge.
 */
export async function withShards<T>(
  deps: DetectorDeps,
  waiting: readonly ShardWork[],
  homesWanted: number,
  work: (deps: DetectorDeps, shards: readonly number[]) => Promise<T>,
): Promise<{ readonly shards: readonly number[]; readonly outcome: T } | undefined> {
  const { pool } = deps;
  const inTime = () => {
    const at = deps.clock.now();
    return { at, until: new Date(at.getTime() + LEASE_MS) };
  };
  const shards = waiting.map(({ shard }) => shard);
  const leases = await leaseShards(pool, { shards, limit: shardsFor(waiting, homesWanted), ...inTime() });
  if (leases.length === 0) return undefined;

  const renewal = setInterval(() => {
    renewShards(pool, leases, inTime().until).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'the leases of a detector run were not renewed'),
    );
  }, RENEW_EVERY_MS);
  try {
    const guarded = { ...deps, pool: guardedPool(pool, (tx) => holdShards(tx, leases)) };
    return await releasing(deps, leases, async () => {
      const taken = leases.map(({ shard }) => shard);
      return { shards: taken, outcome: await work(guarded, taken) };
    });
  } finally {
    clearInterval(renewal);
  }
}

/** Whether a run failed only because its homes were taken over, or because what it had read is no longer so. */
export function isLeaseLost(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'lease_lost';
}

/** A database that cannot be reached lets the leases run out by themselves. */
async function releasing<T>({ pool, log }: DetectorDeps, leases: readonly ShardLease[], work: () => Promise<T>) {
  try {
    return await work();
  } finally {
    await releaseShards(pool, leases).catch((error: unknown) =>
      log.warn({ err: error }, 'the leases of a detector run were not given back and will run out'),
    );
  }
}

function shardsFor(waiting: readonly ShardWork[], homesWanted: number): number {
  const homes = waiting.reduce((sum, work) => sum + work.homes, 0);
  return Math.max(1, Math.floor((waiting.length * homesWanted) / Math.max(1, homes)));
}
