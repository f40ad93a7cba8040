import { QUARANTINE_REASONS, type QuarantineReason } from '../domain/metering/quarantine-reason.ts';
import type { StoredBatch } from './store-batch.ts';

/** What this process has taken in since it started. */
export interface IngestStats {
  /** Messages that are dealt with: committed, and acknowledged where the broker is still there to hear it. */
  readonly messages: number;
  /** Readings that were not there before. */
  readonly readingsStored: number;
  /** Readings that were there already, with the same value. */
  readonly repeats: number;
  /** Readings that contradict a stored one. */
  readonly conflicts: number;
  readonly quarantined: Readonly<Record<QuarantineReason, number>>;
  /** Messages that wait for their commit. */
  readonly pending: number;
}

export interface Tally {
  readonly countBatch: (outcome: StoredBatch) => void;
  readonly countMessages: (count: number) => void;
  readonly read: () => Omit<IngestStats, 'pending'>;
}

/** Starts counting at zero. */
export function createTally(): Tally {
  const quarantined = Object.fromEntries(QUARANTINE_REASONS.map((reason) => [reason, 0])) as Record<
    QuarantineReason,
    number
  >;
  const counts = { messages: 0, readingsStored: 0, repeats: 0, conflicts: 0 };
  return {
    countBatch: ({ stored, repeats, conflicts, quarantined: reasons }) => {
      counts.readingsStored += stored;
      counts.repeats += repeats;
      counts.conflicts += conflicts;
      for (const reason of reasons) quarantined[reason] += 1;
    },
    countMessages: (count) => (counts.messages += count),
    read: () => ({ ...counts, quarantined: { ...quarantined } }),
  };
}
