import { recordAlertEvent } from '../db/alert-events.ts';
import { lockAlert } from '../db/alerts.ts';
import { askedAndAway, leavesAt, wasAsked } from '../db/leaves.ts';
import { oweByChannels } from '../db/outbox.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { channelsWithText, type Role } from '../domain/alerting/escalation-policy.ts';
import { type Leave, standInFor } from '../domain/alerting/stand-ins.ts';
import type { AlertDeps } from './alert-deps.ts';

interface Handover {
  readonly alertId: number;
  /** Who is away. */
  readonly personId: number;
  readonly role: Role;
}

/**
 * Asks the substitutes of those who were asked about an open alert and have gone on leave since. Each is asked once.
 * Returns how many were.
 */
export async function handOverAlerts({ pool, clock, log }: AlertDeps): Promise<number> {
  const at = clock.now();
  const leaves = await leavesAt(pool, at);
  if (leaves.length === 0) return 0;
  let asked = 0;
  for (const handover of await askedAndAway(pool, at)) {
    try {
      asked += Number(await inTransaction(pool, (tx) => handOver(tx, handover, leaves, at)));
    } catch (error) {
      log.error({ err: error, alertId: handover.alertId }, 'an alert could not be handed over; it is tried again');
    }
  }
  return asked;
}

async function handOver(tx: Tx, { alertId, personId, role }: Handover, leaves: readonly Leave[], at: Date) {
  const substitute = standInFor(personId, leaves);
  const alert = await lockAlert(tx, alertId);
  if (!alert || alert.state === 'closed' || substitute === undefined) return false;
  if (await wasAsked(tx, alertId, substitute)) return false;
  const { step } = alert;
  const intent = alert.severity === 'emergency' ? 'emergency' : 'check_request';
  const text = { alertId, intent, step, personId: substitute, role } as const;
  await oweByChannels(tx, text, channelsWithText(alert.policy, step), at);
  const detail = { step, role, inPlaceOf: personId };
  await recordAlertEvent(tx, { alertId, at, type: 'handed_over', personId: substitute, detail });
  return true;
}
