import type { Intent } from '../../db/outbox.ts';
import type { Language } from '../../domain/language.ts';

/**
 * How many parts a text may take on air, for household codes of up to 5 letters, a public address of up to 20 (such as
 * `https://sw.zs.gov.cn`) and figures of up to two digits. Beyond that a text takes one part more.
 *
 * English texts have 160 letters in one part; a Chinese resident's masked name in them makes it two parts of 67.
 */
export const PARTS_BUDGET: Readonly<Record<Intent, Readonly<Record<Language, number>>>> = {
  check_request: { 'zh-CN': 1, en: 2 },
  emergency: { 'zh-CN': 1, en: 2 },
  stand_down: { 'zh-CN': 1, en: 2 },
  claim_lapsed: { 'zh-CN': 1, en: 2 },
  check_again: { 'zh-CN': 1, en: 2 },
  recovered: { 'zh-CN': 1, en: 2 },
  area_outage: { 'zh-CN': 1, en: 2 },
  look_in: { 'zh-CN': 1, en: 2 },
  absence_ended: { 'zh-CN': 1, en: 2 },
  daily_word: { 'zh-CN': 1, en: 2 },
  roster_gap: { 'zh-CN': 1, en: 2 },
  gateway_fault: { 'zh-CN': 1, en: 2 },
  ticket_digest: { 'zh-CN': 1, en: 1 },
};
