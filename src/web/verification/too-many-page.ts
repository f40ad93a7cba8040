import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { emergencyBox, framed, type PageInput } from './page-parts.ts';
import { textsFor } from './texts.ts';

/** So many forms came from one link that no more are taken for a while: no person sends so many. */
export function tooManyPage({ visit, emergencyNumbers }: PageInput): Page {
  const texts = textsFor(visit.language);
  const { heading, text } = texts.tooManyForms;
  const main = html`<h1>${heading}</h1>
    <p>${text}</p>
    ${emergencyBox(texts, emergencyNumbers)}`;
  return framed(visit, '', heading, main);
}
