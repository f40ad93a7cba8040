import { recordAlertEvents } from '../db/alert-events.ts';
import { keepReply, type NewReply, recordReplyResult, type ReplyResult } from '../db/inbound-replies.ts';
import { inTransaction } from '../db/sql.ts';
import type { NotifyDeps } from './dispatch-deps.ts';

/** What was done on something that somebody said. */
export interface Done {
  readonly result: ReplyResult;
  /** The alert that it was about. */
  readonly alertId?: number;
  /** The open alerts on whose timelines it is shown as well. */
  readonly shownOn: readonly number[];
}

/**
 * Keeps what somebody said, in a reply or by a key, acts on it, and writes down what was done. What came before is not
 * acted on again.
 *
 * Returns what was done; `known` for what came before.
 */
export async function keepSaid(
  { pool, clock, log }: NotifyDeps,
  said: NewReply,
  act: () => Promise<Done>,
): Promise<ReplyResult | 'known'> {
  const { meaning, personId } = said;
  const replyId = await keepReply(pool, said, clock.now());
  if (replyId === undefined) return 'known';

  const { result, alertId, shownOn } = await act();
  await inTransaction(pool, async (tx) => {
    const at = clock.now();
    await recordReplyResult(tx, { replyId, result, alertId }, at);
    const alertIds = alertId === undefined ? shownOn : [...new Set([alertId, ...shownOn])];
    const detail = { replyId, meaning, result };
    await recordAlertEvents(
      tx,
      alertIds.map((id) => ({ alertId: id, at, type: 'replied', personId, detail })),
    );
  });
  log.info({ replyId, meaning, result }, 'a reply came');
  return result;
}
