import { crashPoint } from '../../core/crash-point.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import {
  type MessageToReplay,
  markRefused,
  markReplayed,
  messagesToReplay,
  type RefusedAgain,
  type ReplayPage,
} from '../../db/quarantine-replay.ts';
import type { QuarantineFilter } from '../../db/quarantine-list.ts';
import { type DbPool, inTransaction } from '../../db/sql.ts';
import { createMeterDirectory } from '../meter-directory.ts';
import { type ReadAgain, readAgain, type ReadingTerms } from './read-again.ts';
import { storeAgain } from './store-again.ts';

export interface ReplayDeps extends ReadingTerms {
  readonly pool: DbPool;
  /** Who replays, for the audit. */
  readonly actor: string;
}

/** What a replay did so far. */
export interface ReplayTally {
  /** Messages that were looked at. */
  readonly messages: number;
  /** Those that were taken whole: they have left the quarantine. */
  readonly taken: number;
  readonly stored: number;
  readonly repeats: number;
  readonly conflicts: number;
  /** Those that stay, by reason; of some a part was taken. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface ReplayOptions {
  /** Says what would be taken, and writes nothing. */
  readonly dryRun?: boolean;
  /** Told after each chunk. */
  readonly onProgress?: (tally: ReplayTally) => void;
}

export const NOTHING_REPLAYED: ReplayTally = {
  messages: 0,
  taken: 0,
  stored: 0,
  repeats: 0,
  conflicts: 0,
  refused: {},
};

const CHUNK_MESSAGES = 1_000;
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Takes messages out of the quarantine that can be read by now, at the time at which they came. The newest are taken
 * first, so that a home is never judged by an old reading while a newer one still lies here.
 *
 * A chunk is stored, and then marked as taken. A replay that dies between the two is repeated by the next: what is
 * stored stays as it is. A message that is refused again keeps its place, with the reason of today.
 */
export function replayQuarantine(
  deps: ReplayDeps,
  filter: QuarantineFilter,
  options: ReplayOptions = {},
): Promise<ReplayTally> {
  return replayPages(deps, (page) => messagesToReplay(deps.pool, filter, page), options);
}

/** Goes through the messages that `load` yields, page by page, each page before the last. */
export async function replayPages(
  deps: ReplayDeps,
  load: (page: ReplayPage) => Promise<readonly MessageToReplay[]>,
  { dryRun = false, onProgress }: ReplayOptions,
): Promise<ReplayTally> {
  const meters = createMeterDirectory(deps.pool);
  let total = NOTHING_REPLAYED;
  let beforeId = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const newestFirst = await load({ beforeId, maxMessages: CHUNK_MESSAGES, maxBytes: CHUNK_BYTES });
    const oldest = newestFirst.at(-1);
    if (!oldest) return total;
    beforeId = oldest.id;
    // Of two readings of one moment the one that came first stands, as it would have then.
    const read = await readAgain(newestFirst.toReversed(), deps, meters);
    total = addUp(total, dryRun ? tallyOf(read) : await take(deps, { ...deps, meters }, read));
    onProgress?.(total);
  }
}

async function take(
  { pool, clock, actor }: ReplayDeps,
  storing: Parameters<typeof storeAgain>[0],
  read: readonly ReadAgain[],
): Promise<ReplayTally> {
  const { refused: refusedByDatabase, ...figures } = await storeAgain(storing, read);
  crashPoint('replay.after_store');
  const tally = { ...tallyOf(read, refusedByDatabase), ...figures };
  const refused = refusedIn(read, refusedByDatabase);
  const refusedIds = new Set(refused.map(({ id }) => id));
  const taken = read.map(({ id }) => id).filter((id) => !refusedIds.has(id));
  await inTransaction(pool, async (tx) => {
    const at = clock.now();
    await markRefused(tx, refused, at);
    const marked = await markReplayed(tx, taken, at);
    const entry = { at, actor, action: 'quarantine.replayed', subject: 'quarantine', detail: tally };
    if (marked > 0) await recordAuditEntry(tx, entry);
    crashPoint('replay.before_commit');
  });
  return tally;
}

function refusedIn(read: readonly ReadAgain[], byDatabase: readonly RefusedAgain[]): RefusedAgain[] {
  const others = new Set(byDatabase.map(({ id }) => id));
  return [...read.flatMap(({ id, refused }) => (refused && !others.has(id) ? [refused] : [])), ...byDatabase];
}

function tallyOf(read: readonly ReadAgain[], byDatabase: readonly RefusedAgain[] = []): ReplayTally {
  const refused = refusedIn(read, byDatabase);
  const byReason: Record<string, number> = {};
  for (const { reason } of refused) byReason[reason] = (byReason[reason] ?? 0) + 1;
  return { ...NOTHING_REPLAYED, messages: read.length, taken: read.length - refused.length, refused: byReason };
}

function addUp(a: ReplayTally, b: ReplayTally): ReplayTally {
  const refused = { ...a.refused };
  for (const [reason, messages] of Object.entries(b.refused)) refused[reason] = (refused[reason] ?? 0) + messages;
  return {
    messages: a.messages + b.messages,
    taken: a.taken + b.taken,
    stored: a.stored + b.stored,
    repeats: a.repeats + b.repeats,
    conflicts: a.conflicts + b.conflicts,
    refused,
  };
}
