import { claimAlert } from '../alerts/claim-alert.ts';
import { recordVerification } from '../alerts/record-verification.ts';
import { stopDailyWord } from '../alerts/stop-daily-word.ts';
import { AppError } from '../core/errors.ts';
import { openAlertsTexted, type ReplyResult, setOptedOut } from '../db/inbound-replies.ts';
import { personWithPhone } from '../db/people.ts';
import { meaningOf, type ReplyMeaning } from '../domain/notification/reply-meaning.ts';
import type { NotifyDeps } from './dispatch-deps.ts';
import { type Done, keepSaid } from './keep-said.ts';

/** What somebody texted back, as the gateway brings it. */
export interface InboundReply {
  readonly gateway: string;
  /** How the gateway calls the reply: the same one again is known by it. */
  readonly reference: string;
  /** E.164. */
  readonly from: string;
  readonly body: string;
}

const LONGEST = 2_000;

/**
 * Keeps a reply whole, and acts on it only when it is exactly one of the words that mean something and its sender was
 * asked about exactly one alert that is open. All else is left to people: nothing is guessed.
 *
 * Returns what was done; `known` for a reply that came before.
 */
export async function recordReply(deps: NotifyDeps, reply: InboundReply): Promise<ReplyResult | 'known'> {
  const { gateway, reference, from: phone, body } = reply;
  const sender = await personWithPhone(deps.pool, phone);
  const meaning = sender ? meaningOf(body, sender.language) : 'none';
  const said = { gateway, reference, phone, personId: sender?.id, body: body.slice(0, LONGEST), meaning };
  return keepSaid(deps, said, async () => {
    if (!sender) return { result: 'unmatched', shownOn: [] };
    const done = await act(deps, sender.id, meaning);
    return { ...done, shownOn: await openAlertsTexted(deps.pool, sender.id) };
  });
}

async function act(deps: NotifyDeps, personId: number, meaning: ReplyMeaning): Promise<Omit<Done, 'shownOn'>> {
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
