import { recordAuditEntry } from '../db/audit-entries.ts';
import { lockRoster } from '../db/roster.ts';
import { type MeterToWrite, writeMeters } from '../db/roster-meters.ts';
import { inTransaction } from '../db/sql.ts';
import type { MeterDeps } from './change-meters.ts';

export type RegisterOutcome = 'registered' | 'changed' | 'unchanged';

/**
 * Puts a meter on the books, or brings what is known of it up to date. Its readings count from the moment of the
 * commit, and what it sent before is taken out of quarantine soon after.
 */
export function registerMeter({ pool, clock, actor }: MeterDeps, meter: MeterToWrite): Promise<RegisterOutcome> {
  return inTransaction(pool, async (tx) => {
    await lockRoster(tx);
    const { added, changed } = await writeMeters(tx, [meter]);
    const outcome = added.length > 0 ? 'registered' : changed.length > 0 ? 'changed' : 'unchanged';
    if (outcome === 'unchanged') return outcome;
    const { serial, ...detail } = meter;
    const entry = { at: clock.now(), actor, action: `meter.${outcome}`, subject: `meter ${serial}`, detail };
    await recordAuditEntry(tx, entry);
    return outcome;
  });
}
