import { updateDelivery } from '../db/deliveries.ts';
import { textsSpokenFor } from '../db/outbox-facts.ts';
import { postponeText as putBack } from '../db/outbox-leases.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import { scopeOf } from '../domain/notification/failure-cause.ts';
import { retryDelayMs } from '../domain/notification/retry.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { failText, type TextFailure } from './fail-text.ts';
import { recordTextEvent } from './text-event.ts';

export interface PassingFailure extends TextFailure {
  readonly deliveryId: number;
  /** What the gateway asked us to wait, in milliseconds. */
  readonly afterMs: number;
}

/**
 * The gateway took nothing: the text waits and is tried again, each time later. When it has been tried often enough it
 * has failed. A fault of the account is logged as an error and waited out; escalation goes on by its own times.
 */
export async function postponeText(
  deps: DispatchDeps,
  text: OwedText,
  failure: PassingFailure,
): Promise<TextFate | undefined> {
  const { cause, code } = failure;
  const delayMs = retryDelayMs(text.attempts, cause, failure.afterMs);
  if (delayMs === undefined) return failText(deps, text, failure);

  if (scopeOf(cause) === 'account') deps.log.error({ cause, code }, 'the gateway refuses the account: no text leaves');
  else deps.log.warn({ alertId: text.alertId, cause, code }, 'the gateway took no text: it waits');
  return waitFor(deps, text, failure, delayMs);
}

/** The timeline hears of the first postponement only: of an outage of a day it would hear a hundred times. */
function waitFor(
  { pool, clock, gateway }: DispatchDeps,
  text: OwedText,
  { cause, code, deliveryId }: PassingFailure,
  delayMs: number,
): Promise<TextFate | undefined> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    await updateDelivery(tx, deliveryId, { status: 'failed', at, cause, code });
    const spokenFor = await textsSpokenFor(tx, text.id);
    if (!(await putBack(tx, text, new Date(at.getTime() + delayMs)))) return undefined;
    if (text.attempts === 1) {
      await recordTextEvent(tx, 'text_postponed', spokenFor, at, { gateway: gateway.name, cause, code });
    }
    return 'postponed';
  });
}
