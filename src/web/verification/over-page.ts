import type { Language } from '../../domain/language.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { textsFor } from './texts.ts';

/** The link of an alert that was closed more than seven days ago: it tells nothing of the home any more. */
export function overPage(language: Language): Page {
  const { brand, over } = textsFor(language);
  const body = html`<header><span>${brand}</span></header>
    <main>
      <h1>${over.heading}</h1>
      <p>${over.text}</p>
    </main>`;
  return { language, title: `${over.heading} · ${brand}`, body };
}
