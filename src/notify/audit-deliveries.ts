import { type SilentDelivery, takeSilentDeliveries } from '../db/deliveries.ts';
import { countRepair } from '../db/repairs.ts';
import { DAY_MS, MINUTE_MS } from '../domain/time.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { recordReceipt } from './record-receipt.ts';
import { everyGateway } from './route-calls.ts';
import type { FateQuery, SmsGateway } from './sms-gateway.ts';

/** By then a phone that can be reached has the text, and its receipt is with us. */
const RECEIPT_WITHIN_MS = 5 * MINUTE_MS;
const AT_ONCE = 50;

type Askable = SmsGateway & { readonly fateOf: NonNullable<SmsGateway['fateOf']> };

/**
 * Asks the gateways what became of texts of the last day whose receipt is overdue, where they can be asked, and applies
 * what they say as the receipt would have been: a text that did not arrive makes the next step due now. Returns how many
 * receipts were made good; each is counted as a repair.
 */
export async function auditDeliveries(deps: DispatchDeps): Promise<number> {
  const { pool, clock, log } = deps;
  const askable = new Map(
    everyGateway(deps)
      .filter((each): each is Askable => each.fateOf !== undefined)
      .map((each) => [each.name, each]),
  );
  if (askable.size === 0) return 0;
  const at = clock.now();
  const [from, until] = [DAY_MS, RECEIPT_WITHIN_MS].map((ms) => new Date(at.getTime() - ms)) as [Date, Date];
  const silent = await takeSilentDeliveries(pool, { at, gateways: [...askable.keys()], from, until, limit: AT_ONCE });
  let repaired = 0;
  for (const delivery of silent) repaired += Number(await askFor(deps, delivery, askable.get(delivery.gateway)));
  if (repaired > 0) {
    await countRepair(pool, 'receipt_lost', repaired, at);
    log.error(
      { kind: 'receipt_lost', times: repaired },
      'receipts never came: what they would have said was asked for',
    );
  }
  return repaired;
}

/** Only an end counts: that a text is still on its way is no receipt that was lost. */
async function askFor(
  deps: DispatchDeps,
  { id: deliveryId, gateway: name, reference, phone, startedAt }: SilentDelivery,
  gateway: Askable | undefined,
): Promise<boolean> {
  const query: FateQuery = { deliveryId, reference, to: phone, since: startedAt };
  const fate = await gateway?.fateOf(query);
  if (!fate || fate.status === 'accepted' || fate.status === 'sent') return false;
  return (await recordReceipt(deps, { gateway: name, reference, ...fate })) === 'applied';
}
