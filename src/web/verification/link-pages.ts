import { LANGUAGES, type Language } from '../../domain/language.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { textsFor } from './texts.ts';

/** The link of an alert that was closed more than seven days ago. */
export function overPage(language: Language): Page {
  const { brand, over } = textsFor(language);
  const body = html`<header><span>${brand}</span></header>
    <main>
      <h1>${over.heading}</h1>
      <p>${over.text}</p>
    </main>`;
  return { language, title: `${over.heading} · ${brand}`, body };
}

/** A link that leads nowhere, whatever the reason. Nobody knows who reads it, so it speaks every language. */
export function unknownPage(): Page {
  const { brand, unknown } = textsFor('zh-CN');
  const body = html`<header><span>${brand}</span></header>
    <main>${LANGUAGES.map(unknownPart)}</main>`;
  return { language: 'zh-CN', title: `${unknown.heading} · ${textsFor('en').unknown.heading}`, body };
}

function unknownPart(language: Language, i: number): Html {
  const { unknown } = textsFor(language);
  const heading = i === 0 ? html`<h1>${unknown.heading}</h1>` : html`<h2>${unknown.heading}</h2>`;
  return html`<section lang="${language}">
    ${heading}
    <p>${unknown.text}</p>
  </section>`;
}
