import { recordAlertEvent } from '../db/alert-events.ts';
import { saveAlert } from '../db/alerts.ts';
import { inTransaction } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';
import { existingAlert, refusal } from './existing-alert.ts';

export interface Claim {
  readonly alertId: number;
  readonly personId: number;
  /** The link whose page said so; undefined for a text that was sent back. */
  readonly linkId?: number;
}

/**
 * "I am on my way": holds the next step back for a while, once as many have said it as the policy asks for. It is no
 * verification, and it lapses. Saying it twice changes nothing.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` for a closed alert or an emergency.
 */
export function claimAlert({ pool, clock }: AlertDeps, claim: Claim): Promise<void> {
  const { alertId, personId, linkId } = claim;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alert = await existingAlert(tx, alertId);
    const next = transition(alert, { type: 'claimed', by: personId }, at);
    const hasSaidSo = alert.acknowledgements.some(({ by }) => by === personId);
    if (!next && hasSaidSo && alert.severity !== 'emergency') return;
    if (!next) throw refusal(alert, 'cannot be claimed');

    await saveAlert(tx, alertId, next);
    const holdsUntil = next.state === 'claimed' ? next.nextStepAt : undefined;
    const detail = { until: holdsUntil, onTheWay: next.acknowledgements.length, linkId };
    await recordAlertEvent(tx, { alertId, at, type: 'claimed', personId, detail });
  });
}
