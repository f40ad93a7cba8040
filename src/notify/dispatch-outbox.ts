import { chooseGateway } from './choose-gateway.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { inParallel } from './in-parallel.ts';
import { acceptanceRecorder, type SendDeps } from './record-acceptances.ts';
import { refuseMessage, sendMessage } from './send-message.ts';
import { settleOpenAttempt } from './settle-open-attempt.ts';
import { takeBatch, type Work } from './take-batch.ts';

/** At a tenth of a second a text, which is what a provider far away takes, these are six hundred a second. */
const AT_ONCE = 64;
/** Half a minute of texts for a gateway that hangs: the next run goes on. */
const MOST_BATCHES = 30;

/** How many texts came to which end. */
export type DispatchTally = Record<TextFate, number>;

/**
 * Sends every text that is due: the emergencies first, then homes of the first tier, then by age.
 *
 * Safe to run in many processes at once and again after a crash: each text is leased, and one whose sender died on the
 * way is looked up and not repeated. Ends when nothing is due, or after a few thousand texts; the next run goes on.
 */
export async function dispatchOutbox(deps: DispatchDeps): Promise<DispatchTally> {
  const tally: DispatchTally = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
  const recorder = acceptanceRecorder(deps);
  const chosen = { ...deps, ...(await chooseGateway(deps)) };
  await inParallel(owedWork(chosen, tally), AT_ONCE, async (work) => {
    const fate = await doOrLeave({ ...chosen, recorder }, work);
    if (fate) tally[fate] += work.texts.length;
  });
  return tally;
}

/** Whoever is free takes the next piece: one text that hangs holds up no other. */
async function* owedWork(deps: DispatchDeps, tally: DispatchTally): AsyncGenerator<Work, void, undefined> {
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const { work, muted, held, wasLast } = await takeBatch(deps);
    tally.muted += muted;
    tally.held += held;
    yield* work;
    if (wasLast) return;
  }
}

/** One text that cannot be dealt with must not hold up the others: its lease runs out and it comes up again. */
async function doOrLeave(deps: SendDeps, work: Work): Promise<TextFate | undefined> {
  try {
    return await finish(deps, work);
  } catch (error) {
    const [{ id: outboxId, intent }] = work.texts;
    deps.log.error({ err: error, outboxId, intent }, 'a text could not be dealt with');
    return undefined;
  }
}

function finish(deps: SendDeps, work: Work): Promise<TextFate | undefined> {
  switch (work.kind) {
    case 'message':
      return sendMessage({ ...deps, ...work.through }, work);
    case 'doubtful':
      return settleOpenAttempt(deps, work);
    case 'refused':
    case 'unwanted':
      return refuseMessage({ ...deps, ...work.through }, work);
  }
}
