import { type Intent, NOTICE_INTENTS } from '../../db/outbox.ts';
import type { OwedText } from '../../db/owed-texts.ts';
import { wallClock } from '../../domain/alerting/reason.ts';
import type { Language } from '../../domain/language.ts';
import type { TextContent } from '../sms-gateway.ts';
import { homeLabel } from './home-label.ts';
import { noticeEn } from './notice.en.ts';
import { noticeZh } from './notice.zh-CN.ts';

import type { Telling } from './telling.ts';

type NoticeSource = Pick<OwedText, 'language' | 'homeCode' | 'residentName'> & Partial<Pick<OwedText, 'notice'>>;

const NOTICE: Readonly<Record<Language, (telling: Telling) => string>> = { 'zh-CN': noticeZh, en: noticeEn };

type NoticeIntent = (typeof NOTICE_INTENTS)[number];

export function isNotice(intent: Intent): intent is NoticeIntent {
  return (NOTICE_INTENTS as readonly Intent[]).includes(intent);
}

/** The text of a notice. Figures that a notice of another version lacks are left at nothing. */
export function renderNotice(source: NoticeSource, intent: NoticeIntent): Pick<TextContent, 'body' | 'variables'> {
  const { language, notice = {} } = source;
  const timeZone = notice.timeZone ?? 'UTC';
  const telling: Telling = {
    intent,
    home: homeLabel(language, source.homeCode ?? '', source.residentName),
    area: notice.area ?? '',
    cause: notice.cause ?? 'dry',
    affected: notice.affected ?? 0,
    homes: notice.homes ?? 0,
    until: notice.heldUntilMs === undefined ? '' : wallClock(notice.heldUntilMs, language, timeZone),
    hours: notice.hours ?? 0,
  };
  return { body: NOTICE[language](telling), variables: variablesOf(telling) };
}

/** What fills the reviewed templates of notices. */
function variablesOf({ intent, home, area, affected, homes, until, hours }: Telling): Record<string, string> {
  switch (intent) {
    case 'area_outage':
      return { area, affected: String(affected), homes: String(homes), until };
    case 'look_in':
      return { home, hours: String(hours) };
    case 'absence_ended':
      return { home };
  }
}
