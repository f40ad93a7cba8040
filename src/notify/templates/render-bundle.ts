import type { TextContent } from '../sms-gateway.ts';
import { accessWords } from './access-words.ts';
import type { Access } from './access.ts';
import { checkRequests, standDowns } from './bundle.ts';
import { homeLabel } from './home-label.ts';
import type { TextSource } from './render-text.ts';

/** One of the texts that a bundle speaks for, with the way to its page. */
export interface BundledText {
  readonly source: TextSource;
  readonly access: Access;
}

/** One text for several to the same person. All are of one intent, and each home is named once. */
export function renderBundle(texts: readonly [BundledText, ...BundledText[]]): TextContent {
  const [{ source: first }] = texts;
  const { intent, language } = first;
  const homes = texts.map(({ source, access }) => ({
    home: homeLabel(language, source.homeCode ?? '', source.residentName),
    access: accessWords(language, access),
  }));
  const labels = homes.map(({ home }) => home);
  // Without their dashes four codes fit the 35 letters that a template's variable may have.
  const codes = texts.flatMap(({ access }) => (access.kind === 'code' ? [access.code.replace('-', '')] : []));
  const variables = { count: String(homes.length), homes: labels.join('、'), codes: codes.join(' ') };
  const body = intent === 'stand_down' ? standDowns(language, labels) : checkRequests(language, homes);
  return { intent, language, isBundle: true, body, variables };
}
