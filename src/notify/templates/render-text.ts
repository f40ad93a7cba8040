import type { OwedText } from '../../db/owed-texts.ts';
import type { Language } from '../../domain/language.ts';
import { maskName } from '../../domain/notification/mask-name.ts';
import type { Asking } from './asking.ts';
import { checkRequestEn } from './check-request.en.ts';
import { checkRequestZh } from './check-request.zh-CN.ts';
import type { Closing } from './closing.ts';
import { emergencyEn } from './emergency.en.ts';
import { emergencyZh } from './emergency.zh-CN.ts';
import { homeLabel } from './home-label.ts';
import { standDownEn } from './stand-down.en.ts';
import { standDownZh } from './stand-down.zh-CN.ts';

/** What a text is written from. */
export type TextSource = Pick<
  OwedText,
  'intent' | 'role' | 'language' | 'homeCode' | 'residentName' | 'figures' | 'closeOutcome' | 'closerName'
>;

const CHECK_REQUEST: Readonly<Record<Language, (asking: Asking) => string>> = {
  'zh-CN': checkRequestZh,
  en: checkRequestEn,
};
const EMERGENCY: Readonly<Record<Language, (asking: Asking) => string>> = { 'zh-CN': emergencyZh, en: emergencyEn };
const STAND_DOWN: Readonly<Record<Language, (closing: Closing) => string>> = { 'zh-CN': standDownZh, en: standDownEn };

/** The text in its reader's language. Names are masked here, before any template sees them; a stand-down has no link. */
export function renderText(source: TextSource, link: string): string {
  const { intent, role, language, figures } = source;
  const home = homeLabel(language, source.homeCode, source.residentName);
  switch (intent) {
    case 'check_request':
      return CHECK_REQUEST[language]({ role, home, figures, link });
    case 'emergency':
      return EMERGENCY[language]({ role, home, figures, link });
    case 'stand_down': {
      const checkedBy = source.closerName === null ? undefined : maskName(source.closerName);
      return STAND_DOWN[language]({ home, checkedBy, outcome: source.closeOutcome ?? undefined });
    }
  }
}
