import type { Language } from '../../domain/language.ts';
import type { Visit } from './load-visit.ts';

/** The pages behind a link, and where their forms are sent. */
export type VisitPart = '' | '/claim' | '/result' | '/correct' | '/again' | '/note' | '/daily';

/** Where the parts of a page are. The language is carried along only when it is not the person's own. */
export function visitPath({ token, alert }: Visit, part: VisitPart, language: Language): string {
  return `/v/${token}${part}${language === alert.language ? '' : `?lang=${language}`}`;
}
