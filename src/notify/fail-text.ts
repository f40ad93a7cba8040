import { hastenEscalation } from '../alerts/hasten-escalation.ts';
import { updateDelivery } from '../db/deliveries.ts';
import { settleText } from '../db/outbox-leases.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
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
    await recordTextEvent(tx, 'text_failed', text, at, { gateway: gateway.name, cause, code });
    if (alertId !== null) await hastenEscalation(tx, { alertId, at });
    return 'failed';
  });
}
