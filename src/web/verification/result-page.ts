import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { correctLink } from './closed-page.ts';
import type { Visit } from './load-visit.ts';
import { clockText, emergencyBox, framed, homeLine, noteLink, othersList, type PageInput } from './page-parts.ts';
import type { NoticeText, PageTexts } from './page-texts.ts';
import { textsFor } from './texts.ts';
import { visitPath } from './visit-path.ts';

/** What somebody's own answer led to. Needing help shows the numbers to call before anything else. */
export function resultPage({ visit, emergencyNumbers }: PageInput): Page {
  const texts = textsFor(visit.language);
  const isClosed = visit.alert.state === 'closed';
  const isGrave = !isClosed && visit.alert.severity === 'emergency';
  const { heading, text } = noticeFor(visit, texts);
  const main = html`${isGrave && emergencyBox(texts, emergencyNumbers)}
    <h1>${heading}</h1>
    ${homeLine(visit, texts)}
    <div class="panel ${isGrave ? 'grave' : 'good'}">
      <p>${text}</p>
      ${ownAnswer(visit, texts)}
    </div>
    ${correctLink(visit, texts)} ${noteLink(visit, texts)}
    ${!isClosed && [othersList(visit, texts), againLink(visit, texts)]}`;
  return framed(visit, '/result', heading, main);
}

function noticeFor({ alert, self }: Visit, { result }: PageTexts): NoticeText {
  if (alert.state === 'closed') return result.thanks;
  if (self.outcome === 'needs_help') return result.helpReported;
  return alert.severity === 'emergency' ? result.emergencyStands : result.nextAsked;
}

function againLink(visit: Visit, { result }: PageTexts): Html {
  return html`<a class="button plain" href="${visitPath(visit, '', visit.language)}">${result.again}</a>`;
}

function ownAnswer(visit: Visit, { form, result }: PageTexts): Html | undefined {
  const { outcome, method, answeredAt } = visit.self;
  if (!outcome || !method || !answeredAt) return undefined;
  const answer = result.yourAnswer(form.outcomes[outcome].label, form.methods[method], clockText(answeredAt, visit));
  return html`<p>${answer}</p>`;
}
