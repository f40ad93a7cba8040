import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { EMPTY_FORM, type RefusedForm } from './answer-form.ts';
import { answerFields, errorSummary } from './answer-fields.ts';
import type { Visit } from './load-visit.ts';
import {
  alertFacts,
  clockText,
  emergencyBox,
  framed,
  residentOf,
  othersList,
  type PageInput,
  whoIs,
} from './page-parts.ts';
import type { PageTexts } from './page-texts.ts';
import { textsFor } from './texts.ts';
import { visitPath } from './visit-path.ts';

export interface FormPageInput extends PageInput {
  /** The form that was refused, to be shown again with what is wrong beside each field. */
  readonly refused?: RefusedForm;
}

/** The page of an alert that is not over: what is known, who else knows, and the form for what was found. */
export function formPage({ visit, emergencyNumbers, refused }: FormPageInput): Page {
  const texts = textsFor(visit.language);
  const { heading, request } = texts.ask[visit.alert.role];
  const title = heading(residentOf(visit, texts));
  const { form, errors } = refused ?? { form: EMPTY_FORM, errors: {} };
  const main = html`${refused && errorSummary(errors, visit, texts)}
    <h1>${title}</h1>
    <p class="soft">${texts.code(visit.alert.homeCode)}</p>
    ${newsSince(visit, texts)} ${alertFacts(visit, texts)}
    <p>${visit.alert.severity === 'emergency' ? texts.emergencyRequest : request}</p>
    ${emergencyBox(texts, emergencyNumbers)} ${claimPart(visit, texts)}
    <form method="post" action="${visitPath(visit, '', visit.language)}" novalidate>
      ${answerFields({ form, errors }, visit, texts)}
      <button>${texts.form.submit}</button>
    </form>
    <hr />
    ${othersList(visit, texts)}`;
  return framed(visit, '', refused ? `${texts.form.notSent} ${title}` : title, main);
}

/** What happened since the alert was opened: somebody needs help, is on the way, or the water is as it should be. */
function newsSince(visit: Visit, texts: PageTexts): Html[] {
  const { alert, self, others } = visit;
  const grave = [self, ...others].flatMap((person) =>
    alert.severity === 'emergency' && person.outcome === 'needs_help' && person.answeredAt
      ? [texts.reported(whoIs(person, texts), clockText(person.answeredAt, visit))]
      : [],
  );
  const good = others.flatMap((person) =>
    person.claimedAt ? [texts.someoneOnTheWay(whoIs(person, texts), clockText(person.claimedAt, visit))] : [],
  );
  const water = alert.recoveredAt ? [texts.recovered(clockText(alert.recoveredAt, visit))] : [];
  return [
    ...grave.map((news) => html`<div class="panel grave"><p>${news}</p></div>`),
    ...[...good, ...water].map((news) => html`<div class="panel"><p>${news}</p></div>`),
  ];
}

/** "I am on my way": a form of its own, because it is no answer. An emergency waits for nobody's being on the way. */
function claimPart(visit: Visit, { claim }: PageTexts): Html | undefined {
  const { alert, self } = visit;
  if (alert.severity === 'emergency') return undefined;
  if (self.claimedAt && alert.nextStepAt) {
    const done = claim.done(clockText(self.claimedAt, visit), clockText(alert.nextStepAt, visit));
    return html`<div class="panel good"><p>${done}</p></div>`;
  }
  return html`<form method="post" action="${visitPath(visit, '/claim', visit.language)}">
    <button class="plain">${claim.button}</button>
    <p class="soft">${claim.hint}</p>
  </form>`;
}
