import { html } from './html.ts';
import type { Page } from './page.ts';

interface Failure {
  readonly status: number;
  readonly publicMessage: string | undefined;
}

/** A page that says that something did not work. Nobody knows who reads it, so it speaks both languages. */
export function errorPage({ status, publicMessage }: Failure): Page {
  const { zh, en } = wordsFor(status);
  const body = html`<main>
    <h1>${zh}</h1>
    <h2 lang="en">${en}</h2>
    ${publicMessage !== undefined && html`<p>${publicMessage}</p>`}
    <p class="soft">${status}</p>
  </main>`;
  return { language: 'zh-CN', title: `${zh} · ${en}`, body };
}

function wordsFor(status: number): { readonly zh: string; readonly en: string } {
  if (status === 404) return { zh: '没有这个页面', en: 'There is no such page' };
  if (status >= 500) return { zh: '暂时出了问题，请稍后再试', en: 'Something went wrong. Please try again shortly' };
  return { zh: '无法受理，请返回后再试', en: 'This could not be accepted. Please go back and try again' };
}
