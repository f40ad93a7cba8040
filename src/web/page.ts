import type { Language } from '../domain/language.ts';
import { html, type Html, trusted } from './html.ts';
import { STYLE, STYLE_SOURCE } from './style.ts';

/** A page for people: what a browser shows, in one language. */
export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  /** Whether it shows pictures of ours. */
  readonly showsImages?: boolean;
}

/**
 * The headers of every page. Nothing but our own style may be loaded, no script runs, no copy is kept, and the address,
 * which may hold a token, is given to nobody.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_SOURCE}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
} as const;

/** The headers of this page: pictures of ours may be loaded where it shows some, and nowhere else. */
export function headersOf({ showsImages }: Page): Readonly<Record<string, string>> {
  if (!showsImages) return PAGE_HEADERS;
  const policy = PAGE_HEADERS['content-security-policy'];
  return { ...PAGE_HEADERS, 'content-security-policy': `${policy}; img-src 'self'` };
}

/** The policy names the style by its hash: not a blank may come between it and its tags. */
const STYLE_ELEMENT = trusted(`<style>${STYLE}</style>`);

/** The whole document. */
export function renderPage({ language, title, body }: Page): string {
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${body}
      </body>
    </html> `;
  return document.toString();
}
