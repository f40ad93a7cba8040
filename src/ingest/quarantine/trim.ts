import {
  type Amount,
  deleteAged,
  deleteBeyondReason,
  deleteBeyondSender,
  deleteBeyondTotal,
  type GoneMessages,
} from '../../db/quarantine-bounds.ts';
import type { Db } from '../../db/sql.ts';
import { DAY_MS } from '../../domain/time.ts';

export interface QuarantineBounds {
  readonly maxAgeDays: number;
  readonly total: Amount;
  /** What the messages of one sender may take of it, so that they do not push out those of everybody else. */
  readonly eachSender: Amount;
  /** The same for the messages with one reason. */
  readonly eachReason: Amount;
}

/**
 * Deletes what is too old, then what goes beyond the share of its sender, then of its reason, then beyond the whole.
 * Each time those that were taken since go first, and then the oldest. Returns what went.
 */
export async function trimQuarantine(db: Db, bounds: QuarantineBounds, at: Date): Promise<GoneMessages[]> {
  return [
    ...(await deleteAged(db, new Date(at.getTime() - bounds.maxAgeDays * DAY_MS))),
    ...(await deleteBeyondSender(db, bounds.eachSender)),
    ...(await deleteBeyondReason(db, bounds.eachReason)),
    ...(await deleteBeyondTotal(db, bounds.total)),
  ];
}
