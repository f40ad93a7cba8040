import type { OwedText } from '../../db/owed-texts.ts';
import type { Language } from '../../domain/language.ts';
import { wallClock } from '../../domain/alerting/reason.ts';
import { maskName } from '../../domain/notification/mask-name.ts';
import type { TextContent } from '../sms-gateway.ts';
import { accessWords } from './access-words.ts';
import type { Access } from './access.ts';
import { ASK_EN, checkRequestEn, waterShowsEn } from './check-request.en.ts';
import { ASK_ZH, checkRequestZh, waterShowsZh } from './check-request.zh-CN.ts';
import { claimLapsedEn } from './claim-lapsed.en.ts';
import { claimLapsedZh } from './claim-lapsed.zh-CN.ts';
import { emergencyEn } from './emergency.en.ts';
import { emergencyZh } from './emergency.zh-CN.ts';
import { homeLabel } from './home-label.ts';
import type { Recovery } from './recovered.ts';
import { recoveredEn, waterBackEn } from './recovered.en.ts';
import { recoveredZh, waterBackZh } from './recovered.zh-CN.ts';
import { isNotice, renderNotice } from './render-notice.ts';
import { foundEn, standDownEn } from './stand-down.en.ts';
import { foundZh, standDownZh } from './stand-down.zh-CN.ts';

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

const ZH = {
  checkRequest: checkRequestZh,
  emergency: emergencyZh,
  claimLapsed: claimLapsedZh,
  recovered: recoveredZh,
  standDown: standDownZh,
  ask: ASK_ZH,
  waterShows: waterShowsZh,
  waterBack: waterBackZh,
  found: foundZh,
};
const EN: typeof ZH = {
  checkRequest: checkRequestEn,
  emergency: emergencyEn,
  claimLapsed: claimLapsedEn,
  recovered: recoveredEn,
  standDown: standDownEn,
  ask: ASK_EN,
  waterShows: waterShowsEn,
  waterBack: waterBackEn,
  found: foundEn,
};
const WORDS: Readonly<Record<Language, typeof ZH>> = { 'zh-CN': ZH, en: EN };

/**
 * The text in its reader's language, whole and in parts. Names are masked here, before any template sees them; a text
 * that asks for nothing new leads nowhere.
 */
export function renderText(source: TextSource, access: Access): TextContent {
  const { intent, language } = source;
  return { intent, language, isBundle: false, ...wordsOf(source, access) };
}

function wordsOf(source: TextSource, access: Access): Pick<TextContent, 'body' | 'variables'> {
  const { intent, role, language, figures } = source;
  if (isNotice(intent)) return renderNotice(source, intent, access);
  const words = WORDS[language];
  const home = homeLabel(language, source.homeCode ?? '', source.residentName);
  const asking = { role, home, figures, access: accessWords(language, access) };
  const code: Record<string, string> = access.kind === 'code' ? { code: access.code } : {};
  switch (intent) {
    case 'check_request':
    case 'check_again': {
      const variables = { ask: words.ask[role], home, shows: words.waterShows(figures), ...code };
      return { body: words.checkRequest(asking), variables };
    }
    case 'emergency':
      return { body: words.emergency(asking), variables: { home, ...code } };
    case 'claim_lapsed':
      return { body: words.claimLapsed({ home }), variables: { home } };
    case 'recovered': {
      const recovery = recoveryOf(source, home);
      return { body: words.recovered(recovery), variables: { home, ...words.waterBack(recovery) } };
    }
    case 'stand_down': {
      const checkedBy = source.closerName === null ? undefined : maskName(source.closerName);
      const closing = { home, checkedBy, outcome: source.closeOutcome ?? undefined };
      return { body: words.standDown(closing), variables: { home, found: words.found(closing) } };
    }
  }
}

function recoveryOf({ language, timeZone, figures, recoveredAt, mustConfirm }: TextSource, home: string): Recovery {
  const time = recoveredAt === null ? undefined : wallClock(recoveredAt.getTime(), language, timeZone ?? 'UTC');
  return { home, detector: figures?.detector, time, mustConfirm };
}
