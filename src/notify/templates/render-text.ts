import type { OwedText } from '../../db/owed-texts.ts';
import type { Language } from '../../domain/language.ts';
import { wallClock } from '../../domain/alerting/reason.ts';
import { maskName } from '../../domain/notification/mask-name.ts';
import type { Asking } from './asking.ts';
import { checkRequestEn } from './check-request.en.ts';
import { checkRequestZh } from './check-request.zh-CN.ts';
import type { Closing } from './closing.ts';
import { emergencyEn } from './emergency.en.ts';
import { emergencyZh } from './emergency.zh-CN.ts';
import { claimLapsedEn } from './claim-lapsed.en.ts';
import { claimLapsedZh } from './claim-lapsed.zh-CN.ts';
import { homeLabel } from './home-label.ts';
import type { Recovery } from './recovered.ts';
import { recoveredEn } from './recovered.en.ts';
import { recoveredZh } from './recovered.zh-CN.ts';
import { isNotice, renderNotice } from './render-notice.ts';
import { standDownEn } from './stand-down.en.ts';
import { standDownZh } from './stand-down.zh-CN.ts';

/** What a text is written from. */
export type TextSource = Pick<
  OwedText,
  | 'intent'
  | 'role'
  | 'language'
  | 'homeCode'
  | 'timeZone'
  | 'residentName'
  | 'figures'
  | 'recoveredAt'
  | 'mustConfirm'
  | 'closeOutcome'
  | 'closerName'
> &
  Partial<Pick<OwedText, 'notice'>>;

const CHECK_REQUEST: Readonly<Record<Language, (asking: Asking) => string>> = {
  'zh-CN': checkRequestZh,
  en: checkRequestEn,
};
const EMERGENCY: Readonly<Record<Language, (asking: Asking) => string>> = { 'zh-CN': emergencyZh, en: emergencyEn };
const STAND_DOWN: Readonly<Record<Language, (closing: Closing) => string>> = { 'zh-CN': standDownZh, en: standDownEn };
const RECOVERED: Readonly<Record<Language, (recovery: Recovery) => string>> = { 'zh-CN': recoveredZh, en: recoveredEn };
const CLAIM_LAPSED: Readonly<Record<Language, (about: { readonly home: string }) => string>> = {
  'zh-CN': claimLapsedZh,
  en: claimLapsedEn,
};

/** The text in its reader's language. Names are masked here, before any template sees them; a text that asks for nothing new has no link. */
export function renderText(source: TextSource, link: string): string {
  const { intent, role, language, figures } = source;
  if (isNotice(intent)) return renderNotice(source, intent);
  const home = homeLabel(language, source.homeCode ?? '', source.residentName);
  switch (intent) {
    case 'check_request':
    case 'check_again':
      return CHECK_REQUEST[language]({ role, home, figures, link });
    case 'emergency':
      return EMERGENCY[language]({ role, home, figures, link });
    case 'claim_lapsed':
      return CLAIM_LAPSED[language]({ home });
    case 'recovered':
      return RECOVERED[language](recoveryOf(source, home));
    case 'stand_down': {
      const checkedBy = source.closerName === null ? undefined : maskName(source.closerName);
      return STAND_DOWN[language]({ home, checkedBy, outcome: source.closeOutcome ?? undefined });
    }
  }
}

function recoveryOf({ language, timeZone, figures, recoveredAt, mustConfirm }: TextSource, home: string): Recovery {
  const time = recoveredAt === null ? undefined : wallClock(recoveredAt.getTime(), language, timeZone ?? 'UTC');
  return { home, detector: figures?.detector, time, mustConfirm };
}
