import type { Outcome } from '../../domain/alerting/outcome.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { closerOf, type Visit } from './load-visit.ts';
import { alertFacts, clockText, emergencyBox, framed, homeLine, type PageInput, whoIs } from './page-parts.ts';
import type { PageTexts } from './page-texts.ts';
import { textsFor } from './texts.ts';

export interface ClosedPageInput extends PageInput {
  /** What somebody sent too late; it was not recorded, and they must know that. */
  readonly lateOutcome?: Outcome | undefined;
}

/** The page of an alert that is over: who answered, when, and what they found. It takes no answer any more. */
export function closedPage({ visit, emergencyNumbers, lateOutcome }: ClosedPageInput): Page {
  const texts = textsFor(visit.language);
  const main = html`${lateOutcome === 'needs_help' && emergencyBox(texts, emergencyNumbers)}
    ${lateOutcome && lateNotice(lateOutcome, texts)}
    <h1>${texts.closed.heading}</h1>
    ${homeLine(visit, texts)}
    <div class="panel good">${ending(visit, texts)}</div>
    ${alertFacts(visit, texts)} ${lateOutcome !== 'needs_help' && emergencyBox(texts, emergencyNumbers)}`;
  return framed(visit, '', texts.closed.heading, main);
}

function lateNotice(lateOutcome: Outcome, { closed }: PageTexts): Html {
  const help = lateOutcome === 'needs_help' && html`<p><b>${closed.stillHelp}</b></p>`;
  return html`<div class="panel grave" role="alert">
    <p>${closed.tooLate}</p>
    ${help}
  </div>`;
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
