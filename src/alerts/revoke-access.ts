import { revokeCodesOf, revokeLinksOf } from '../db/access.ts';
import { recordAlertEvent } from '../db/alert-events.ts';
import { recordAuditEntry } from '../db/audit-entries.ts';
import { personWithPhone } from '../db/people.ts';
import { inTransaction } from '../db/sql.ts';
import type { AlertDeps } from './alert-deps.ts';

export interface RevokedAccess {
  readonly links: number;
  readonly codes: number;
}

/**
 * Closes every link and code that the owner of a phone (E.164) was texted: the phone was lost, or a text was passed on.
 * Alerts go on, and whoever is asked next is texted a new one. Returns how many were closed; undefined when the phone is
 * nobody's.
 */
export function revokeAccess(
  { pool, clock }: Pick<AlertDeps, 'pool' | 'clock'>,
  { phone, actor }: { readonly phone: string; readonly actor: string },
): Promise<RevokedAccess | undefined> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const personId = (await personWithPhone(tx, phone))?.id;
    if (personId === undefined) return undefined;
    // Codes first: one that is entered at this moment must not make a link that outlives it.
    const codes = await revokeCodesOf(tx, personId, at);
    const links = await revokeLinksOf(tx, personId, at);
    for (const alertId of new Set([...codes, ...links])) {
      await recordAlertEvent(tx, { alertId, at, type: 'access_revoked', personId });
    }
    const revoked = { links: links.length, codes: codes.length };
    await recordAuditEntry(tx, { at, actor, action: 'access.revoked', subject: `person ${personId}`, detail: revoked });
    return revoked;
  });
}
