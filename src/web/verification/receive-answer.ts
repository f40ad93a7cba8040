import { visitAfterRefusal } from './after-refusal.ts';
import { parseAnswer } from './answer-form.ts';
import { closedPage } from './closed-page.ts';
import { formPage } from './form-page.ts';
import type { Visit } from './load-visit.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/**
 * Takes an answer. An incomplete form comes back with what is missing. Somebody who answers after another has closed
 * the alert is told so, and that theirs was not recorded.
 */
export async function receiveAnswer(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const { emergencyNumbers } = deps;
  const { alertId, personId, timeZone, state } = visit.alert;
  const parsed = parseAnswer(body, visit.at, timeZone);
  if (!parsed.ok && state === 'closed') {
    return { status: 409, page: closedPage({ visit, emergencyNumbers, lateOutcome: parsed.error.form.outcome }) };
  }
  if (!parsed.ok) return { status: 422, page: formPage({ visit, emergencyNumbers, refused: parsed.error }) };

  const { outcome } = parsed.value;
  try {
    await deps.verify({ alertId, personId, ...parsed.value });
  } catch (error) {
    const now = await visitAfterRefusal(deps, visit, error);
    if (!closedByThis(now, outcome)) {
      return { status: 409, page: closedPage({ visit: now, emergencyNumbers, lateOutcome: outcome }) };
    }
  }
  return { seeOther: visitPath(visit, '/result', visit.language) };
}

/** A thumb that touched the button twice is no conflict: the second answer finds the alert closed by the first. */
function closedByThis({ alert, self }: Visit, outcome: string): boolean {
  return self.outcome === outcome && alert.closeOutcome === outcome;
}
