import { parseAnswer } from './answer-form.ts';
import { closedPage } from './closed-page.ts';
import { contradict } from './contradict.ts';
import { contradictionPage, CONTRADICTIONS } from './contradiction-page.ts';
import type { Visit } from './load-visit.ts';
import { textsFor } from './texts.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/** Takes what contradicts the end of an alert: it goes on, or the answer counts for the alert that has followed it. */
export async function receiveContradiction(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const { alertId, personId, linkId, timeZone } = visit.alert;
  const parsed = parseAnswer(body, visit.at, timeZone);
  if (!parsed.ok) return { status: 422, page: contradictionPage({ ...deps, visit, refused: parsed.error }) };
  const outcome = CONTRADICTIONS.find((each) => each === parsed.value.outcome);
  if (!outcome) {
    const refused = {
      form: { away_until: '', checked_at: '', note: '' },
      errors: { outcome: 'outcome_missing' },
    } as const;
    return { status: 422, page: contradictionPage({ ...deps, visit, refused }) };
  }
  const answer = { alertId, personId, linkId, ...parsed.value, outcome };
  if ((await contradict(deps, visit, answer)) !== alertId) {
    const notice = textsFor(visit.language).contradict.elsewhere;
    return { status: 200, page: closedPage({ ...deps, visit, notice }), isRecorded: true };
  }
  return { seeOther: visitPath(visit, '/result', visit.language) };
}
