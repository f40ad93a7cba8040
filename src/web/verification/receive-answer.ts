import { visitAfterRefusal } from './after-refusal.ts';
import { type ParsedAnswer, parseAnswer } from './answer-form.ts';
import { closedPage } from './closed-page.ts';
import { contradict } from './contradict.ts';
import { formPage } from './form-page.ts';
import type { Visit } from './load-visit.ts';
import { textsFor } from './texts.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/**
 * Takes an answer. An incomplete form comes back with what is missing. An answer that comes when another has closed the
 * alert is kept beside it; a call for help opens the alert again.
 */
export async function receiveAnswer(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const { alertId, personId, linkId, timeZone, state } = visit.alert;
  const parsed = parseAnswer(body, visit.at, timeZone);
  if (!parsed.ok && state === 'closed') {
    const notice = textsFor(visit.language).closed.notTaken;
    return { status: 409, page: closedPage({ ...deps, visit, notice }) };
  }
  if (!parsed.ok) return { status: 422, page: formPage({ ...deps, visit, refused: parsed.error }) };

  try {
    await deps.verify({ alertId, personId, linkId, ...parsed.value });
  } catch (error) {
    return receiveLate(deps, await visitAfterRefusal(deps, visit, error), parsed.value);
  }
  return { seeOther: visitPath(visit, '/result', visit.language) };
}

async function receiveLate(deps: VerificationDeps, now: Visit, answer: ParsedAnswer): Promise<PageAnswer> {
  const { alertId, personId, linkId } = now.alert;
  const { outcome } = answer;
  if (!isRepeat(now, outcome)) {
    const late = { alertId, personId, linkId, ...answer };
    if (outcome !== 'needs_help') await deps.keepLate(late);
    else await contradict(deps, now, { ...late, outcome });
  }
  if (outcome === 'needs_help' || (now.self.closedIt && now.alert.closeOutcome === outcome)) {
    return { seeOther: visitPath(now, '/result', now.language) };
  }
  return { status: 409, page: closedPage({ ...deps, visit: now, lateOutcome: outcome }), isRecorded: true };
}

/** A thumb that touched the button twice is no second answer: it finds the alert closed by the first. */
function isRepeat({ alert, self }: Visit, outcome: string): boolean {
  const isAfterTheEnd =
    alert.closedAt !== undefined && self.answeredAt !== undefined && self.answeredAt >= alert.closedAt;
  return outcome !== 'needs_help' && self.outcome === outcome && isAfterTheEnd;
}
