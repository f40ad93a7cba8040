import type { Outcome } from '../../domain/alerting/outcome.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { correctableUntil } from './correction-page.ts';
import { dailyPart } from './daily-part.ts';
import { closerOf, type Visit } from './load-visit.ts';
import {
  alertFacts,
  clockText,
  emergencyBox,
  framed,
  homeLine,
  noteLink,
  type PageInput,
  whoIs,
} from './page-parts.ts';
import type { PageTexts } from './page-texts.ts';
import { textsFor } from './texts.ts';
import { visitPath } from './visit-path.ts';

export interface ClosedPageInput extends PageInput {
  /** What somebody sent when it was over already: it was kept beside the answer that stands, and they must know that. */
  readonly lateOutcome?: Outcome | undefined;
  /** What somebody wanted is not possible any more. */
  readonly notice?: string | undefined;
  /** The wish for the daily word came without its tick. */
  readonly isDailyRefused?: boolean;
}

/**
 * The page of an alert that is over: who answered, when, and what they found. Whoever knows better has ways to say so:
 * to take their own answer back, to say that help is needed after all, to add a note.
 */
export function closedPage({ visit, emergencyNumbers, lateOutcome, notice, isDailyRefused }: ClosedPageInput): Page {
  const texts = textsFor(visit.language);
  const main = html`${lateOutcome && noticeBox(texts.closed.tooLate)} ${notice !== undefined && noticeBox(notice)}
    <h1>${texts.closed.heading}</h1>
    ${homeLine(visit, texts)}
    <div class="panel good">${ending(visit, texts)}</div>
    ${alertFacts(visit, texts)} ${emergencyBox(texts, emergencyNumbers)}
    <a class="button danger" href="${visitPath(visit, '/again', visit.language)}">${texts.contradict.link}</a>
    ${correctLink(visit, texts)} ${noteLink(visit, texts)} ${dailyPart(visit, texts, isDailyRefused)}`;
  return framed(visit, '', texts.closed.heading, main);
}

/** The way to take one's own answer back, for as long as that is possible. */
export function correctLink(visit: Visit, { correct }: PageTexts): Html | undefined {
  if (!correctableUntil(visit)) return undefined;
  return html`<a class="button plain" href="${visitPath(visit, '/correct', visit.language)}">${correct.link}</a>`;
}

function noticeBox(text: string): Html {
  return html`<div class="panel grave" role="alert"><p>${text}</p></div>`;
}

function ending(visit: Visit, texts: PageTexts): Html {
  const { closedAt, closeOutcome } = visit.alert;
  const { closed } = texts;
  const time = closedAt ? clockText(closedAt, visit) : '';
  const closer = closerOf(visit);
  if (!closer) {
    return html`<p>${closeOutcome === 'water_returned' ? closed.byWater(time) : closed.byReadings(time)}</p>`;
  }
  const who = closer === visit.self ? closed.byYou(time) : closed.by(whoIs(closer, texts), time);
  return html`<p>${who}</p>
    <p>${closed.found}<b>${closeOutcome && closed.outcomes[closeOutcome]}</b></p>`;
}
