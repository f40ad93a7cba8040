import { z } from 'zod';
import { closedPage } from './closed-page.ts';
import { formPage } from './form-page.ts';
import type { Visit } from './load-visit.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

const sent = z.object({ daily_word: z.enum(['start', 'stop']).optional().catch(undefined) }).catch({});

/** Takes a guardian's wish for the daily word, once it is ticked, or that they want none any more. */
export async function receiveDaily(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const { householdId, personId, state } = visit.alert;
  const { daily_word: wish } = sent.parse(body);
  const isOffered = visit.hasDailyWord !== undefined;
  if (isOffered && wish === undefined) {
    const input = { ...deps, visit, isDailyRefused: true };
    return { status: 422, page: state === 'closed' ? closedPage(input) : formPage(input) };
  }
  if (isOffered && wish === 'start') await deps.startDaily({ householdId, personId });
  if (isOffered && wish === 'stop') await deps.stopDaily({ householdId, personId, from: 'page' });
  return { seeOther: `${visitPath(visit, '', visit.language)}#daily` };
}
