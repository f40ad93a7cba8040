import type { Language } from '../../domain/language.ts';
import { maskName } from '../../domain/notification/mask-name.ts';
import type { TextContent } from '../sms-gateway.ts';
import type { TextSource } from './render-text.ts';
import { spokenEn, THANKS_EN } from './spoken.en.ts';
import type { Spoken } from './spoken.ts';
import { spokenZh, THANKS_ZH } from './spoken.zh-CN.ts';

const SPOKEN: Readonly<Record<Language, (spoken: Spoken) => string>> = { 'zh-CN': spokenZh, en: spokenEn };

/** What a call answers to a key that was pressed, whichever it was. */
export const THANKS: Readonly<Record<Language, string>> = { 'zh-CN': THANKS_ZH, en: THANKS_EN };

/**
 * What a call says in its reader's language: who should be checked on, as far as a text names them, why, and which key
 * says that somebody is on their way. Names are masked here, before any template sees them.
 */
export function renderSpoken(source: TextSource): TextContent {
  const { intent, language, role, figures, homeCode, residentName } = source;
  const body = SPOKEN[language]({
    role,
    initial: residentName === null ? undefined : maskName(residentName).replace(/[*.]$/, ''),
    code: letterByLetter(homeCode ?? ''),
    figures,
    isEmergency: intent === 'emergency',
  });
  return { intent, language, isBundle: false, body, variables: {} };
}

/** A voice would read `H0042` as forty-two, and a dash not at all. */
function letterByLetter(code: string): string {
  return Array.from(code.replace(/[^\p{L}\p{N}]/gu, '')).join(' ');
}
