import { reasonFor, wallClock } from '../../domain/alerting/reason.ts';
import type { Language } from '../../domain/language.ts';
import { maskName } from '../../domain/notification/mask-name.ts';
import type { InvolvedPerson } from '../../db/pages.ts';
import { emergencyNumbersBox } from '../emergency-numbers.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import type { Visit } from './load-visit.ts';
import type { PageTexts } from './page-texts.ts';
import { textsFor } from './texts.ts';
import { visitPath, type VisitPart } from './visit-path.ts';

/** What every page about a visit is made from. */
export interface PageInput {
  readonly visit: Visit;
  /** As the operator wrote them, separated by spaces: `120 110 119`. */
  readonly emergencyNumbers: string;
  /** Whether people are asked where they were. */
  readonly asksPlace: boolean;
  /** Whether an answer may bring a photo. */
  readonly takesPhotos: boolean;
}

/** A page of a visit: the name of the service, the way to the other language, and the content. */
export function framed(visit: Visit, part: VisitPart, title: string, main: Html): Page {
  const texts = textsFor(visit.language);
  const other: Language = visit.language === 'zh-CN' ? 'en' : 'zh-CN';
  const body = html`<header>
      <span>${texts.brand}</span>
      <a href="${visitPath(visit, part, other)}" lang="${other}" hreflang="${other}">${texts.otherLanguage}</a>
    </header>
    <main>${main}</main>`;
  return { language: visit.language, title: `${title} · ${texts.brand}`, body };
}

/** The emergency numbers, in the words of the page. */
export function emergencyBox(texts: PageTexts, emergencyNumbers: string): Html {
  return emergencyNumbersBox(texts.emergencyCall, emergencyNumbers);
}

/** The resident as everybody may see them. */
export function residentOf({ alert }: Visit, texts: PageTexts): string {
  return alert.residentName === undefined ? texts.noName : maskName(alert.residentName);
}

/** The way to a note that changes nothing. */
export function noteLink(visit: Visit, { notes }: PageTexts): Html {
  return html`<a class="button plain" href="${visitPath(visit, '/note', visit.language)}">${notes.link}</a>`;
}

/** Which home it is, for a page that is no longer about what to do there. */
export function homeLine(visit: Visit, texts: PageTexts): Html {
  return html`<p><b>${residentOf(visit, texts)}</b> · ${texts.code(visit.alert.homeCode)}</p>`;
}

/** Why the alert was opened, and when. */
export function alertFacts({ alert, language }: Visit, texts: PageTexts): Html {
  const reason = alert.evidence ? reasonFor(alert.evidence, language, alert.timeZone) : texts.unusualWater;
  return html`<dl>
    <dt>${texts.facts.reason}</dt>
    <dd>${reason}</dd>
    <dt>${texts.facts.opened}</dt>
    <dd>${clockText(alert.openedAt, { alert, language })}</dd>
  </dl>`;
}

/** Everybody else who was asked, masked, and how far they are. */
export function othersList(visit: Visit, texts: PageTexts): Html {
  const { people } = texts;
  if (visit.others.length === 0) return html`<p class="soft">${people.nobody}</p>`;
  const items = visit.others.map(
    (person) => html`<li><b>${whoIs(person, texts)}</b><br />${standing(person, visit, texts)}</li>`,
  );
  return html`<h2>${people.heading}</h2>
    <ul class="people">
      ${items}
    </ul>`;
}

/** Role and masked name. */
export function whoIs({ role, name }: InvolvedPerson, { people }: PageTexts): string {
  return people.who(people.roles[role], maskName(name));
}

/** A moment on the clocks of the home. */
export function clockText(at: Date, { alert, language }: Pick<Visit, 'alert' | 'language'>): string {
  return wallClock(at.getTime(), language, alert.timeZone);
}

function standing(person: InvolvedPerson, visit: Visit, { people, form }: PageTexts): string {
  const { outcome, answeredAt, claimedAt, textFailed, askedAt } = person;
  if (claimedAt && (!answeredAt || claimedAt > answeredAt)) return people.onTheWay(clockText(claimedAt, visit));
  if (outcome && answeredAt) return people.answered(form.outcomes[outcome].label, clockText(answeredAt, visit));
  if (textFailed) return people.notReached;
  return people.asked(clockText(askedAt, visit));
}
