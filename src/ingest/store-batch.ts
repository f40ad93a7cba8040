import type { Clock } from '../core/clock.ts';
import { crashPoint } from '../core/crash-point.ts';
import { allDoubtful, arrangeReadings, type ArrangedReadings } from '../db/arrange-readings.ts';
import { noteBatch } from '../db/ingest-batches.ts';
import { reportFlags } from '../db/meter-flags.ts';
import { quarantine } from '../db/quarantine.ts';
import { isWrongGuess, storeArranged } from '../db/readings.ts';
import { allRuns } from '../db/run-pieces.ts';
import { noteSequences } from '../db/sequences-noted.ts';
import { type DbPool, inTransaction, isContention, type Tx } from '../db/sql.ts';
import type { QuarantineReason } from '../domain/metering/quarantine-reason.ts';
import type { InterpretedMessage } from './message.ts';
import type { MeterDirectory } from './meter-directory.ts';
import { type BatchDraft, type BatchPlan, draftOf } from './batch-draft.ts';

export interface StoreDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly meters: MeterDirectory;
  /** Told by which topics registered meters speak, where that was looked up. */
  readonly onKnown?: (topic: string, meterId: number) => void;
  /** Called when numbers of messages were committed: somebody has to merge them and tell the senders. */
  readonly onNoted?: () => void;
  /** Writes in the same transaction what must be true exactly when the batch is stored. May be called again. */
  readonly alongside?: ((tx: Tx, outcome: StoredBatch) => Promise<void>) | undefined;
}

/** What became of a batch. */
export interface StoredBatch {
  readonly stored: number;
  /** When the last reading of each message was taken by its meter's clock, in milliseconds since 1970; repeats among them. */
  readonly lastReadAtMs: readonly number[];
  readonly repeats: number;
  readonly conflicts: number;
  /** One for each quarantined message. */
  readonly quarantined: readonly QuarantineReason[];
}

/** Writes everything that the messages say in one transaction: once this resolves, it is committed. */
export function storeBatch(deps: StoreDeps, messages: readonly InterpretedMessage[]): Promise<StoredBatch> {
  return storeDraft(deps, draftOf(messages));
}

/** The same for messages that are drafted already. */
export async function storeDraft(deps: StoreDeps, draft: BatchDraft): Promise<StoredBatch> {
  const { meters, onNoted, onKnown } = deps;
  const plan = draft.plan(await meters.idsOf(draft.serials()), onKnown);
  const outcome = await storePlan(deps, plan, arrangeReadings(plan.readings, meters.newest));
  crashPoint('ingest.after_commit');
  if (plan.sequences.length > 0) onNoted?.();
  return outcome;
}

/** More than this, and whoever calls had better wait. */
const ATTEMPTS = 4;

/** Tries again at once where readings were taken for new that are not, and where another writer was in the way. */
async function storePlan(deps: StoreDeps, plan: BatchPlan, guess: ArrangedReadings): Promise<StoredBatch> {
  let readings = guess;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(deps.pool, (tx) => writePlan(tx, deps, plan, readings));
    } catch (error) {
      const isGuessWrong = isWrongGuess(error) && readings.fresh.count > 0;
      if (attempt === ATTEMPTS || !(isGuessWrong || isContention(error))) throw error;
      if (isGuessWrong) readings = allDoubtful(plan.readings);
    }
  }
}

async function writePlan(
  tx: Tx,
  { clock, alongside }: StoreDeps,
  plan: BatchPlan,
  readings: ArrangedReadings,
): Promise<StoredBatch> {
  const { stored, conflicts, changes } = await storeArranged(tx, readings);
  if (plan.flags.length > 0) await reportFlags(tx, plan.flags);
  if (plan.quarantined.length > 0) await quarantine(tx, plan.quarantined);
  if (changes.length > 0) await noteBatch(tx, changes, clock.now());
  if (plan.sequences.length > 0) await noteSequences(tx, plan.sequences, clock.now());
  const outcome = outcomeOf(plan, stored, conflicts);
  await alongside?.(tx, outcome);
  crashPoint('ingest.before_commit');
  return outcome;
}

function outcomeOf({ readings, quarantined }: BatchPlan, stored: number, conflicts: number): StoredBatch {
  const known = allRuns(readings);
  return {
    stored,
    lastReadAtMs: known.runs.map((run) => readings.lastReadAtMs(run)),
    repeats: known.readings - stored - conflicts,
    conflicts,
    quarantined: quarantined.map(({ reason }) => reason),
  };
}
