import { visitAfterRefusal } from './after-refusal.ts';
import { alertPage } from './alert-page.ts';
import type { Visit } from './load-visit.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/** Takes "I am on my way". Where it comes too late, the page says what has happened instead. */
export async function receiveClaim(deps: VerificationDeps, visit: Visit): Promise<PageAnswer> {
  const { alertId, personId } = visit.alert;
  try {
    await deps.claim({ alertId, personId });
  } catch (error) {
    return { status: 409, page: alertPage({ ...deps, visit: await visitAfterRefusal(deps, visit, error) }) };
  }
  return { seeOther: visitPath(visit, '', visit.language) };
}
