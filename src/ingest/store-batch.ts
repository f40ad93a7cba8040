import type { Clock } from '../core/clock.ts';
import { crashPoint } from '../core/crash-point.ts';
import { noteBatch } from '../db/ingest-batches.ts';
import { reportFlags } from '../db/meter-flags.ts';
import { quarantine } from '../db/quarantine.ts';
import { storeReadings } from '../db/readings.ts';
import { type DbPool, inTransaction } from '../db/sql.ts';
import type { QuarantineReason } from '../domain/metering/quarantine-reason.ts';
import type { InterpretedMessage } from './message.ts';
import type { MeterDirectory } from './meter-directory.ts';
import { planBatch, serialsIn } from './plan-batch.ts';

export interface StoreDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly meters: MeterDirectory;
}

/** What became of a batch. */
export interface StoredBatch {
  readonly stored: number;
  /** When each reading was taken by its meter's clock, in milliseconds since 1970; repeats and conflicts among them. */
  readonly readAtMs: readonly number[];
  readonly repeats: number;
  readonly conflicts: number;
  /** One for each quarantined message. */
  readonly quarantined: readonly QuarantineReason[];
}

/** Writes everything that the messages say in one transaction: once this resolves, it is committed. */
export async function storeBatch(
  { pool, clock, meters }: StoreDeps,
  messages: readonly InterpretedMessage[],
): Promise<StoredBatch> {
  const plan = planBatch(messages, await meters.idsOf(serialsIn(messages)));
  const { stored, conflicts } = await inTransaction(pool, async (tx) => {
    const outcome = await storeReadings(tx, plan.readings);
    if (plan.flags.length > 0) await reportFlags(tx, plan.flags);
    if (plan.quarantined.length > 0) await quarantine(tx, plan.quarantined);
    if (outcome.changes.length > 0) await noteBatch(tx, outcome.changes, clock.now());
    crashPoint('ingest.before_commit');
    return outcome;
  });
  crashPoint('ingest.after_commit');
  const repeats = plan.readings.length - stored - conflicts;
  const readAtMs = plan.readings.map((reading) => reading.readAtMs);
  return { stored, readAtMs, repeats, conflicts, quarantined: plan.quarantined.map(({ reason }) => reason) };
}
