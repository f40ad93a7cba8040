import { visitAfterRefusal } from './after-refusal.ts';
import { closedPage } from './closed-page.ts';
import { formPage } from './form-page.ts';
import type { Visit } from './load-visit.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/** Takes "I am on my way". Where it comes too late, the page says what has happened instead. */
export async function receiveClaim(deps: VerificationDeps, visit: Visit): Promise<PageAnswer> {
  const { emergencyNumbers } = deps;
  const { alertId, personId } = visit.alert;
  try {
    await deps.claim({ alertId, personId });
  } catch (error) {
    const now = await visitAfterRefusal(deps, visit, error);
    const page =
      now.alert.state === 'closed'
        ? closedPage({ visit: now, emergencyNumbers })
        : formPage({ visit: now, emergencyNumbers });
    return { status: 409, page };
  }
  return { seeOther: visitPath(visit, '', visit.language) };
}
