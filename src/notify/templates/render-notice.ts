import { type Intent, NOTICE_INTENTS } from '../../db/outbox.ts';
import type { NoticeFigures, OwedText } from '../../db/owed-texts.ts';
import { wallClock } from '../../domain/alerting/reason.ts';
import type { Language } from '../../domain/language.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { clockText, wallTimeAt } from '../../domain/wall-time.ts';
import type { TextContent } from '../sms-gateway.ts';
import { homeLabel } from './home-label.ts';
import type { Access } from './access.ts';
import { gapHomesEn, gapSlotsEn, refusalEn, noticeEn, usedEn } from './notice.en.ts';
import { gapHomesZh, gapSlotsZh, refusalZh, noticeZh, usedZh } from './notice.zh-CN.ts';
import type { Telling } from './telling.ts';

type NoticeSource = Pick<OwedText, 'language' | 'homeCode' | 'residentName'> & Partial<Pick<OwedText, 'notice'>>;

const NOTICE: Readonly<Record<Language, (telling: Telling) => string>> = { 'zh-CN': noticeZh, en: noticeEn };

type Words = Readonly<Record<Language, (telling: Telling) => string>>;
const GAP_HOMES: Words = { 'zh-CN': gapHomesZh, en: gapHomesEn };
const GAP_SLOTS: Words = { 'zh-CN': gapSlotsZh, en: gapSlotsEn };
const USED: Readonly<Record<Language, (used: Telling['used']) => string>> = { 'zh-CN': usedZh, en: usedEn };

const REFUSAL: Words = { 'zh-CN': refusalZh, en: refusalEn };

const LONGEST_AREA = 16;

/** Readings this close together tell the time of use as well as anybody needs it. */
const CLOSE_MS = 15 * MINUTE_MS;

type NoticeIntent = (typeof NOTICE_INTENTS)[number];

export function isNotice(intent: Intent): intent is NoticeIntent {
  return (NOTICE_INTENTS as readonly Intent[]).includes(intent);
}

/** The text of a notice. Figures that a notice of another version lacks are left at nothing. */
export function renderNotice(
  source: NoticeSource,
  intent: NoticeIntent,
  access: Access,
): Pick<TextContent, 'body' | 'variables'> {
  const { language, notice = {} } = source;
  const timeZone = notice.timeZone ?? 'UTC';
  const telling: Telling = {
    intent,
    home: homeLabel(language, source.homeCode ?? '', source.residentName),
    area: areaName(notice.area, language),
    cause: notice.cause ?? 'dry',
    affected: notice.affected ?? 0,
    homes: notice.homes ?? 0,
    until: momentOf(notice.heldUntilMs, language, timeZone),
    hours: notice.hours ?? 0,
    used: usedOf(notice, timeZone),
    firstHome: notice.firstHome,
    slots: notice.slots ?? 0,
    slotFrom: momentOf(notice.slotFromMs, language, timeZone),
    gateway: shortened(notice.gateway ?? ''),
    refusal: notice.refusal ?? 'account',
    tickets: ticketsOf(notice),
    stopUrl: access.kind === 'link' ? access.url : undefined,
  };
  return { body: NOTICE[language](telling), variables: variablesOf(telling, language) };
}

function momentOf(atMs: number | undefined, language: Language, timeZone: string): string {
  return atMs === undefined ? '' : wallClock(atMs, language, timeZone);
}

/** Everywhere has no name of its own. */
const EVERYWHERE = { 'zh-CN': '全部住户', en: 'everywhere' } as const;

function areaName(area: string | undefined, language: Language): string {
  return shortened(area || EVERYWHERE[language]);
}

/** A name may have a hundred letters, a text has room for sixteen. */
function shortened(name: string): string {
  const letters = Array.from(name);
  return letters.length <= LONGEST_AREA ? name : `${letters.slice(0, LONGEST_AREA - 1).join('')}…`;
}

/** What fills the reviewed templates of notices. */
function variablesOf(telling: Telling, language: Language): Record<string, string> {
  const { intent, home, area, affected, homes, until, hours, used } = telling;
  switch (intent) {
    case 'area_outage':
      return { area, affected: String(affected), homes: String(homes), until };
    case 'look_in':
      return { home, hours: String(hours) };
    case 'absence_ended':
      return { home };
    case 'daily_word':
      return { home, used: USED[language](used) };
    case 'roster_gap':
      return { homes: GAP_HOMES[language](telling), slots: GAP_SLOTS[language](telling) };
    case 'gateway_fault':
      return { gateway: telling.gateway, refusal: REFUSAL[language](telling) };
    case 'ticket_digest':
      return Object.fromEntries(Object.entries(telling.tickets).map(([name, count]) => [name, String(count)]));
  }
}

function ticketsOf({ tickets = 0, freshTickets = 0, tampered = 0, drifts = 0 }: NoticeFigures): Telling['tickets'] {
  return { open: tickets, fresh: freshTickets, tampered, drifts };
}

function usedOf({ usedFromMs, usedByMs }: NoticeFigures, timeZone: string): Telling['used'] {
  if (usedByMs === undefined) return { from: undefined, by: '' };
  const by = clockAt(usedByMs, timeZone);
  const isClose = usedFromMs === undefined || usedByMs - usedFromMs <= CLOSE_MS;
  return { from: isClose ? undefined : clockAt(usedFromMs, timeZone), by };
}

/** `07:12`, by the clocks at home. */
function clockAt(atMs: number, timeZone: string): string {
  return clockText(wallTimeAt(new Date(atMs), timeZone).minute);
}
