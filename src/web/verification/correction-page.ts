import { CORRECTABLE_FOR_MINUTES } from '../../domain/alerting/answers.ts';
import { OUTCOMES } from '../../domain/alerting/outcome.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { answerForm, type FormPageInput, withErrors } from './answer-form-part.ts';
import type { Visit } from './load-visit.ts';
import { clockText, emergencyBox, homeLine } from './page-parts.ts';
import type { PageTexts } from './page-texts.ts';
import { textsFor } from './texts.ts';

/** The form again, for somebody who takes their answer back within ten minutes. Nothing is chosen beforehand here either. */
export function correctionPage(input: FormPageInput): Page {
  const { visit, emergencyNumbers } = input;
  const texts = textsFor(visit.language);
  const place = { part: '/correct', outcomes: OUTCOMES } as const;
  const main = html`<h1>${texts.correct.heading}</h1>
    ${homeLine(visit, texts)} ${correctionIntro(visit, texts)} ${emergencyBox(texts, emergencyNumbers)}
    ${answerForm(input, place)}`;
  return withErrors(input, place, texts.correct.heading, main);
}

/** Until when somebody can take their answer back; undefined when they have given none, or it is too late. */
export function correctableUntil({ self, at }: Visit): Date | undefined {
  if (!self.firstAnsweredAt) return undefined;
  const until = new Date(self.firstAnsweredAt.getTime() + CORRECTABLE_FOR_MINUTES * MINUTE_MS);
  return at <= until ? until : undefined;
}

function correctionIntro(visit: Visit, texts: PageTexts): Html | undefined {
  const { outcome, answeredAt } = visit.self;
  const until = correctableUntil(visit);
  if (!outcome || !answeredAt || !until) return undefined;
  const was = texts.form.outcomes[outcome].label;
  return html`<p>${texts.correct.intro(was, clockText(answeredAt, visit), clockText(until, visit))}</p>`;
}
