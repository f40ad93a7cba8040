import { loadOwedTexts, type OwedText } from '../db/owed-texts.ts';
import { leaseDueTexts } from '../db/outbox-leases.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { inParallel } from './in-parallel.ts';
import { sendOwedText } from './send-owed-text.ts';

/** A batch is over well within its lease: 32 texts, 8 at once, at most 10 s each. */
const BATCH = 32;
const AT_ONCE = 8;
const LEASE_MS = 90 * SECOND_MS;
const MOST_BATCHES = 30;

/** How many texts came to which end. */
export type DispatchTally = Record<TextFate, number>;

/**
 * Sends every text that is due: the emergencies first, then homes of the first tier, then by age.
 *
 * Safe to run in many processes at once and again after a crash: each text is leased, and one whose sender died on the
 * way is looked up and not repeated. Ends when nothing is due, or after about a thousand texts; the next run goes on.
 */
export async function dispatchOutbox(deps: DispatchDeps): Promise<DispatchTally> {
  const tally: DispatchTally = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0 };
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const texts = await takeBatch(deps);
    await inParallel(texts, AT_ONCE, async (text) => {
      const fate = await sendOrLeave(deps, text);
      if (fate) tally[fate] += 1;
    });
    if (texts.length < BATCH) break;
  }
  return tally;
}

/** A text that was leased to somebody else before it could be loaded is left to them. */
async function takeBatch({ pool, clock }: DispatchDeps): Promise<OwedText[]> {
  const at = clock.now();
  const leases = await leaseDueTexts(pool, { at, until: new Date(at.getTime() + LEASE_MS), limit: BATCH });
  if (leases.length === 0) return [];
  const fences = new Map(leases.map(({ id, fence }) => [id, fence]));
  const texts = await loadOwedTexts(pool, [...fences.keys()]);
  return texts.filter(({ id, fence }) => fences.get(id) === fence);
}

/** One text that cannot be dealt with must not hold up the others: its lease runs out and it comes up again. */
async function sendOrLeave(deps: DispatchDeps, text: OwedText): Promise<TextFate | undefined> {
  try {
    return await sendOwedText(deps, text);
  } catch (error) {
    deps.log.error({ err: error, outboxId: text.id, intent: text.intent }, 'a text could not be dealt with');
    return undefined;
  }
}
