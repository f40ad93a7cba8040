import { hastenEscalation } from '../alerts/hasten-escalation.ts';
import { updateDelivery } from '../db/deliveries.ts';
import { textsSpokenFor } from '../db/outbox-facts.ts';
import { settleText } from '../db/outbox-leases.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { openRosterDefect } from '../db/reachability.ts';
import { inTransaction } from '../db/sql.ts';
import { type FailureCause, isAboutNumber } from '../domain/notification/failure-cause.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { recordTextEvent } from './text-event.ts';

export interface TextFailure {
  readonly cause: FailureCause;
  readonly code?: string | undefined;
  /** The attempt that failed; left out when none was made. */
  readonly deliveryId?: number;
}

/** A text can never arrive: the next person is asked now. Returns undefined when the lease was lost. */
export function failText(
  { pool, clock, log, gateway }: DispatchDeps,
  text: OwedText,
  { cause, code, deliveryId }: TextFailure,
): Promise<TextFate | undefined> {
  const { alertId, intent, role } = text;
  log.warn({ alertId, intent, role, cause, code }, 'a text failed');
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    if (deliveryId !== undefined) await updateDelivery(tx, deliveryId, { status: 'failed', at, cause, code });
    if (!(await settleText(tx, text, 'failed', at))) return undefined;
    if (isAboutNumber(cause)) await openRosterDefect(tx, { personId: text.personId, cause, code }, at);
    const failed = await textsSpokenFor(tx, text.id);
    await recordTextEvent(tx, 'text_failed', failed, at, { gateway: gateway.name, cause, code });
    for (const { alertId: its } of failed) if (its !== null) await hastenEscalation(tx, { alertId: its, at });
    return 'failed';
  });
}
