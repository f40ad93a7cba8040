import { visitAfterRefusal } from './after-refusal.ts';
import { parseAnswer } from './answer-form.ts';
import { closedPage } from './closed-page.ts';
import { correctableUntil, correctionPage } from './correction-page.ts';
import { formPage } from './form-page.ts';
import type { Visit } from './load-visit.ts';
import { textsFor } from './texts.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/** The form to correct an answer, or, when there is none to correct or no time left, how the alert stands. */
export function correctionOr(deps: VerificationDeps, visit: Visit): PageAnswer {
  if (correctableUntil(visit)) return { status: 200, page: correctionPage({ ...deps, visit }) };
  return tooLate(deps, visit, 200);
}

/** Takes somebody's own answer back for another, within ten minutes of the first. Both are kept. */
export async function receiveCorrection(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const { alertId, personId, linkId, timeZone } = visit.alert;
  if (!correctableUntil(visit)) return tooLate(deps, visit, 409);
  const parsed = parseAnswer(body, visit.at, timeZone);
  if (!parsed.ok) return { status: 422, page: correctionPage({ ...deps, visit, refused: parsed.error }) };
  try {
    await deps.correct({ alertId, personId, linkId, ...parsed.value });
  } catch (error) {
    return tooLate(deps, await visitAfterRefusal(deps, visit, error), 409);
  }
  return { seeOther: visitPath(visit, '/result', visit.language) };
}

function tooLate(deps: VerificationDeps, visit: Visit, status: number): PageAnswer {
  const notice = textsFor(visit.language).correct.tooLate;
  if (visit.alert.state === 'closed') return { status, page: closedPage({ ...deps, visit, notice }) };
  return { status, page: formPage({ ...deps, visit }) };
}
