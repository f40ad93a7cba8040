import type { Outcome } from '../../domain/alerting/outcome.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { answerForm, type FormPageInput, withErrors } from './answer-form-part.ts';
import { emergencyBox, homeLine } from './page-parts.ts';
import { textsFor } from './texts.ts';

/** What contradicts the end of an alert. */
export const CONTRADICTIONS = ['needs_help', 'could_not_reach'] as const satisfies readonly Outcome[];

/** For an alert that is over though it should not be: help is needed after all, or the person cannot be found. */
export function contradictionPage(input: FormPageInput): Page {
  const { visit, emergencyNumbers } = input;
  const texts = textsFor(visit.language);
  const place = { part: '/again', outcomes: CONTRADICTIONS } as const;
  const main = html`${emergencyBox(texts, emergencyNumbers)}
    <h1>${texts.contradict.heading}</h1>
    ${homeLine(visit, texts)}
    <p>${texts.contradict.intro}</p>
    ${answerForm(input, place)}`;
  return withErrors(input, place, texts.contradict.heading, main);
}
