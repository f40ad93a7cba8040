import type { Language } from '../../domain/language.ts';
import type { PageTexts } from './page-texts.ts';
import { TEXTS_EN } from './texts.en.ts';
import { TEXTS_ZH_CN } from './texts.zh-CN.ts';

/** The pages' words in a language. */
export function textsFor(language: Language): PageTexts {
  return language === 'zh-CN' ? TEXTS_ZH_CN : TEXTS_EN;
}
