import { claimAlert } from '../alerts/claim-alert.ts';
import { recordVerification } from '../alerts/record-verification.ts';
import { stopDailyWord } from '../alerts/stop-daily-word.ts';
import { AppError } from '../core/errors.ts';
import { recordAlertEvents } from '../db/alert-events.ts';
import {
  keepReply,
  openAlertsTexted,
  recordReplyResult,
  type ReplyResult,
  setOptedOut,
} from '../db/inbound-replies.ts';
import { personWithPhone } from '../db/people.ts';
import { inTransaction } from '../db/sql.ts';
import { meaningOf, type ReplyMeaning } from '../domain/notification/reply-meaning.ts';
import type { NotifyDeps } from './dispatch-deps.ts';

/** What somebody texted back, as the gateway brings it. */
export interface InboundReply {
  readonly gateway: string;
  /** How the gateway calls the reply: the same one again is known by it. */
  readonly reference: string;
  /** E.164. */
  readonly from: string;
  readonly body: string;
}

interface Done {
  readonly result: ReplyResult;
  readonly alertId?: number;
}

const LONGEST = 2_000;

/**
 * Keeps a reply whole, and acts on it only when it is exactly one of the words that mean something and its sender was
 * asked about exactly one alert that is open. All else is left to people: nothing is guessed.
 *
 * Returns what was done; `known` for a reply that came before.
 */
export async function recordReply(deps: NotifyDeps, reply: InboundReply): Promise<ReplyResult | 'known'> {
  const { pool, clock, log } = deps;
  const { gateway, reference, from: phone, body } = reply;
  const sender = await personWithPhone(pool, phone);
  const meaning = sender ? meaningOf(body, sender.language) : 'none';
  const kept = { gateway, reference, phone, personId: sender?.id, body: body.slice(0, LONGEST), meaning };
  const replyId = await keepReply(pool, kept, clock.now());
  if (replyId === undefined) return 'known';

  const done: Done = sender ? await act(deps, sender.id, meaning) : { result: 'unmatched' };
  const alertIds = sender ? await openAlertsTexted(pool, sender.id) : [];
  await inTransaction(pool, async (tx) => {
    const at = clock.now();
    await recordReplyResult(tx, { replyId, ...done }, at);
    const shownOn = done.alertId === undefined ? alertIds : [...new Set([done.alertId, ...alertIds])];
    const detail = { replyId, meaning, result: done.result };
    await recordAlertEvents(
      tx,
      shownOn.map((alertId) => ({ alertId, at, type: 'replied', personId: sender?.id, detail })),
    );
  });
  log.info({ replyId, meaning, result: done.result }, 'a reply came');
  return done.result;
}

async function act(deps: NotifyDeps, personId: number, meaning: ReplyMeaning): Promise<Done> {
  if (meaning === 'stop' || meaning === 'start') {
    const isOut = meaning === 'stop';
    await setOptedOut(deps.pool, personId, isOut ? deps.clock.now() : null);
    return { result: isOut ? 'opted_out' : 'opted_in' };
  }
  if (meaning === 'stop_daily') {
    const stopped = await stopDailyWord(deps, { personId, from: 'reply' });
    return { result: stopped > 0 ? 'daily_stopped' : 'kept' };
  }
  if (meaning === 'none') return { result: 'kept' };
  const [alertId, ...more] = await openAlertsTexted(deps.pool, personId);
  if (alertId === undefined) return { result: 'kept' };
  if (more.length > 0) return { result: 'ambiguous' };
  try {
    return { result: await answer(deps, { alertId, personId }, meaning), alertId };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { result: 'refused', alertId };
  }
}

/** A word by text is what somebody says from afar: it counts as a check by phone and not as a visit. */
async function answer(
  deps: NotifyDeps,
  who: { readonly alertId: number; readonly personId: number },
  meaning: 'safe' | 'needs_help' | 'coming',
): Promise<ReplyResult> {
  if (meaning === 'coming') {
    await claimAlert(deps, who);
    return 'claimed';
  }
  await recordVerification(deps, { ...who, outcome: meaning, method: 'phone', note: '' });
  return 'answered';
}
