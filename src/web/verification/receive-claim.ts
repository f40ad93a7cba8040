import { z } from 'zod';
import { visitAfterRefusal } from './after-refusal.ts';
import { alertPage } from './alert-page.ts';
import { formPage } from './form-page.ts';
import type { Visit } from './load-visit.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

const ticked = z.object({ on_my_way: z.literal('yes') });

/** Takes "I am on my way", once it is ticked. Where it comes too late, the page says what has happened instead. */
export async function receiveClaim(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const { alertId, personId, linkId, state } = visit.alert;
  if (!ticked.safeParse(body).success && state !== 'closed') {
    return { status: 422, page: formPage({ ...deps, visit, isClaimRefused: true }) };
  }
  try {
    await deps.claim({ alertId, personId, linkId });
  } catch (error) {
    return { status: 409, page: alertPage({ ...deps, visit: await visitAfterRefusal(deps, visit, error) }) };
  }
  return { seeOther: visitPath(visit, '', visit.language) };
}
