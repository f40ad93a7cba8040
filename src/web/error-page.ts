import { LANGUAGES, type Language } from '../domain/language.ts';
import { html, type Html } from './html.ts';
import type { Page } from './page.ts';

interface Words {
  readonly heading: string;
  readonly text: string;
}

/** A link out of a text that was cut off or mistyped is the usual reason for a wrong address. */
const NOT_FOUND: Readonly<Record<Language, Words>> = {
  'zh-CN': { heading: '这个链接打不开', text: '请核对短信里的完整链接，或联系社区值班台。' },
  en: {
    heading: 'This link does not work',
    text: 'Please compare it with the whole link in your text, or ask the duty desk of your community.',
  },
};
const REFUSED: Readonly<Record<Language, Words>> = {
  'zh-CN': { heading: '没有提交成功', text: '请回到短信，重新打开链接，再试一次。' },
  en: { heading: 'This was not accepted', text: 'Please go back to the link in your text and try again.' },
};
const FAILED: Readonly<Record<Language, Words>> = {
  'zh-CN': { heading: '暂时出了问题', text: '请稍后再试。情况紧急，请直接拨打急救电话。' },
  en: { heading: 'Something went wrong', text: 'Please try again shortly. In an emergency, call for help directly.' },
};

/**
 * A page that says that something did not work. Nobody knows who reads it, so it speaks every language.
 * `publicMessage` is what the error itself has to say to people.
 */
export function errorPage(status: number, publicMessage?: string): Page {
  const words = wordsFor(status);
  const message = publicMessage !== undefined && html`<p>${publicMessage}</p>`;
  const parts = LANGUAGES.map((language, i) => part(language, words[language], i === 0));
  const title = LANGUAGES.map((language) => words[language].heading).join(' · ');
  return { language: 'zh-CN', title, body: html`<main>${parts}${message}</main>` };
}

function part(language: Language, { heading, text }: Words, isFirst: boolean): Html {
  const headline = isFirst ? html`<h1>${heading}</h1>` : html`<h2>${heading}</h2>`;
  return html`<section lang="${language}">
    ${headline}
    <p>${text}</p>
  </section>`;
}

function wordsFor(status: number): Readonly<Record<Language, Words>> {
  if (status === 404) return NOT_FOUND;
  return status >= 500 ? FAILED : REFUSED;
}
