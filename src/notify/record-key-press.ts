import { claimAlert } from '../alerts/claim-alert.ts';
import { AppError } from '../core/errors.ts';
import { type Called, calledIn } from '../db/calls.ts';
import type { ReplyResult } from '../db/inbound-replies.ts';
import { type Language, LANGUAGES } from '../domain/language.ts';
import type { NotifyDeps } from './dispatch-deps.ts';
import { type Done, keepSaid } from './keep-said.ts';

/** A key that somebody pressed in a call, as the gateway brings it. */
export interface KeyPress {
  readonly gateway: string;
  /** How the gateway calls the call: in each there is one key. */
  readonly reference: string;
  /** Our number of the attempt. */
  readonly deliveryId: number;
  /** The phone that was called, E.164. */
  readonly to: string;
  readonly keys: string;
}

const ON_MY_WAY = '1';

/**
 * Keeps the key that somebody pressed. `1` says that they are on their way to the home they were called about, as a reply
 * does; any other is left to people, and so is one in a call that is not ours.
 *
 * Yields what was done, `known` for a key that came before, and the language in which to say thanks.
 */
export async function recordKeyPress(
  deps: NotifyDeps,
  press: KeyPress,
): Promise<{ readonly result: ReplyResult | 'known'; readonly language: Language }> {
  const { gateway, reference, to: phone, keys: body } = press;
  const called = await calledIn(deps.pool, press);
  const meaning = called && body === ON_MY_WAY ? 'coming' : 'none';
  const said = { gateway, reference, phone, personId: called?.personId, body, meaning } as const;
  const result = await keepSaid(deps, said, () => act(deps, called, meaning));
  return { result, language: called?.language ?? LANGUAGES[0] };
}

async function act(deps: NotifyDeps, called: Called | undefined, meaning: 'coming' | 'none'): Promise<Done> {
  if (!called) return { result: 'unmatched', shownOn: [] };
  const { alertId, personId } = called;
  if (meaning === 'none') return { result: 'kept', alertId, shownOn: [] };
  try {
    await claimAlert(deps, { alertId, personId });
    return { result: 'claimed', alertId, shownOn: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { result: 'refused', alertId, shownOn: [] };
  }
}
