import { insertNotice, oweNotice } from '../db/notices.ts';
import type { NoticeFigures } from '../db/owed-texts.ts';
import {
  firstOfDesks,
  type GatewayRefusal,
  openGatewayFault,
  tellOfFault,
  wasToldOfFault,
} from '../db/reachability.ts';
import { inTransaction } from '../db/sql.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
import { HOUR_MS } from '../domain/time.ts';
import type { NotifyDeps } from './dispatch-deps.ts';

const REFUSALS: Partial<Readonly<Record<FailureCause, NonNullable<NoticeFigures['refusal']>>>> = {
  balance_empty: 'balance',
  sender_invalid: 'sender',
  template_invalid: 'template',
};

/**
 * Notes that a gateway refuses our account, and owes the desk a text that says so: once for as long as the fault stands,
 * and once an hour where it comes and goes. The text leaves like any other, through the gateway that is next.
 */
export function reportGatewayFault({ pool, clock }: NotifyDeps, refusal: GatewayRefusal): Promise<void> {
  const { gateway, cause } = refusal;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    if (!(await openGatewayFault(tx, refusal, at))) return;
    if (await wasToldOfFault(tx, gateway, new Date(at.getTime() - HOUR_MS))) return;
    const desks = await firstOfDesks(tx);
    if (desks.length === 0) return;
    const detail = { gateway, refusal: REFUSALS[cause] ?? ('account' as const) };
    const noticeId = await insertNotice(tx, { kind: 'gateway_fault', detail }, at);
    if (noticeId === undefined) return;
    await tellOfFault(tx, gateway, noticeId);
    for (const personId of desks) {
      await oweNotice(tx, { noticeId, kind: 'gateway_fault', step: 0, personId, role: 'desk' }, at);
    }
  });
}
