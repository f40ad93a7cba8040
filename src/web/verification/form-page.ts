import { OUTCOMES } from '../../domain/alerting/outcome.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { answerForm, type FormPageInput, withErrors } from './answer-form-part.ts';
import { dailyPart } from './daily-part.ts';
import { claimPart, newsSince } from './news.ts';
import { alertFacts, emergencyBox, noteLink, othersList, residentOf } from './page-parts.ts';
import { textsFor } from './texts.ts';
import { waterChart } from './water-chart.ts';

/**
 * The page of an alert that is not over: what is known, who else knows, and the form for what was found. Family sees
 * the water and who is on the way first; whoever stands at a door sees the form.
 */
export function formPage(input: FormPageInput): Page {
  const { visit, emergencyNumbers } = input;
  const texts = textsFor(visit.language);
  const { heading, request } = texts.ask[visit.alert.role];
  const title = heading(residentOf(visit, texts));
  const place = { part: '', outcomes: OUTCOMES } as const;
  const known = [visit.water && waterChart(visit.water, visit.language, texts), othersList(visit, texts)];
  const isFamily = visit.alert.role === 'guardian';
  const main = html`<h1>${title}</h1>
    <p class="soft">${texts.code(visit.alert.homeCode)}</p>
    ${newsSince(visit, texts)} ${alertFacts(visit, texts)}
    <p>${visit.alert.severity === 'emergency' ? texts.emergencyRequest : request}</p>
    ${emergencyBox(texts, emergencyNumbers)} ${isFamily && known}
    ${claimPart(visit, texts, input.isClaimRefused === true)} ${answerForm(input, place)}
    <hr />
    ${!isFamily && known} ${dailyPart(visit, texts, input.isDailyRefused)} ${noteLink(visit, texts)}`;
  return withErrors(input, place, title, main);
}
