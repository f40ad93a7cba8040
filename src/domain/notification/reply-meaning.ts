import type { Language } from '../language.ts';

/** What a reply can mean. `coming` claims the alert; `stop_daily` ends the daily words only; `none`: a person must read it. */
export const REPLY_MEANINGS = ['safe', 'needs_help', 'coming', 'stop', 'start', 'stop_daily', 'none'] as const;
export type ReplyMeaning = (typeof REPLY_MEANINGS)[number];

type Words = Readonly<Record<string, ReplyMeaning>>;

/** What carriers and gateways themselves act on, whatever the reader's language. */
const EVERYWHERE: Words = {
  '1': 'safe',
  '2': 'needs_help',
  '3': 'coming',
  STOP: 'stop',
  STOPALL: 'stop',
  UNSUBSCRIBE: 'stop',
  CANCEL: 'stop',
  END: 'stop',
  QUIT: 'stop',
  TD: 'stop',
  START: 'start',
  UNSTOP: 'start',
};
const BY_LANGUAGE: Readonly<Record<Language, Words>> = {
  'zh-CN': { 安全: 'safe', 需要帮助: 'needs_help', 在路上: 'coming', 退订: 'stop', 恢复: 'start', 停报: 'stop_daily' },
  en: { SAFE: 'safe', HELP: 'needs_help', COMING: 'coming', NODAILY: 'stop_daily' },
};

/**
 * What a reply means when it is exactly one of the words that mean something, in the reader's language. Blanks around
 * it, wide letters and a full stop or exclamation mark are forgiven; anything more makes it a sentence, and a sentence
 * is for people to read: "yes in 2 hours" is no yes.
 */
export function meaningOf(body: string, language: Language): ReplyMeaning {
  const word = body
    .normalize('NFKC')
    .trim()
    .replace(/[.!。]$/, '')
    .toUpperCase();
  const words: Words = { ...EVERYWHERE, ...BY_LANGUAGE[language] };
  return Object.hasOwn(words, word) ? (words[word] ?? 'none') : 'none';
}
