import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { recordAuditEntry } from '../db/audit-entries.ts';
import { type HomeToJudgeAgain, holdDetectors, judgeAgain } from '../db/judge-again.ts';
import { findMeter, type MeterOnBooks } from '../db/meter-bindings.ts';
import { lockRoster } from '../db/roster.ts';
import { type Db, type DbPool, inTransaction, type Tx } from '../db/sql.ts';
import { DAY_MS } from '../domain/time.ts';

export interface MeterDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  /** Who does it, for the audit. */
  readonly actor: string;
}

/** What a change of a meter's life did: its line in the audit, and the homes about which it says something else. */
export interface MeterChange<Outcome> {
  readonly action: string;
  readonly serial: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly homes: readonly HomeToJudgeAgain[];
  readonly outcome: Outcome;
}

/**
 * Changes where meters are and were, in one transaction with its audit entry. One such change, or import, goes on at a
 * time. The homes concerned are judged again from the time of the change on.
 */
export function changeMeters<Outcome>(
  { pool, clock, actor }: MeterDeps,
  change: (tx: Tx) => Promise<MeterChange<Outcome>>,
): Promise<Outcome> {
  return inTransaction(pool, async (tx) => {
    await holdDetectors(tx);
    await lockRoster(tx);
    const { action, serial, detail, homes, outcome } = await change(tx);
    const at = clock.now();
    await judgeAgain(tx, homes, at);
    await recordAuditEntry(tx, { at, actor, action, subject: `meter ${serial}`, detail });
    return outcome;
  });
}

/** @throws AppError `input_invalid` when nobody registered the meter. */
export async function knownMeter(db: Db, serial: string): Promise<MeterOnBooks> {
  return (await findMeter(db, serial)) ?? refuse(`there is no meter ${serial}: register it first`);
}

const EARLIEST = new Date('2000-01-01T00:00:00Z');
const FARTHEST_AHEAD_DAYS = 366;

/**
 * Checks that meters may come and go at this time.
 *
 * @throws AppError `input_invalid` when it lies before this century, or more than a year ahead: both are slips.
 */
export function checkTime(time: Date, now: Date): void {
  const isLikely = time >= EARLIEST && time.getTime() <= now.getTime() + FARTHEST_AHEAD_DAYS * DAY_MS;
  if (!isLikely) refuse(`${time.toISOString()} cannot be meant: expected a time from 2000 on, at most a year ahead`);
}

/** @throws AppError `input_invalid`, always. */
export function refuse(message: string): never {
  throw new AppError('input_invalid', message);
}
