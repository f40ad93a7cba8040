import type { LinkedDailyWord } from '../../db/daily-words.ts';
import type { Language } from '../../domain/language.ts';
import { maskName } from '../../domain/notification/mask-name.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { tickForm } from '../tick-form.ts';
import { dailyTextsFor } from './daily-texts.ts';

export interface DailyPageInput {
  readonly token: string;
  readonly word: LinkedDailyWord;
  /** The language that somebody chose, which the form then carries on. */
  readonly chosen: Language | undefined;
  readonly isTooMany?: boolean;
  /** The form came without its tick. */
  readonly isRefused?: boolean;
}

/** Where a guardian stops the daily texts of a home, or sees that they are stopped. */
export function dailyPage(input: DailyPageInput): Page {
  const { token, word, chosen } = input;
  const language = chosen ?? word.language;
  const texts = dailyTextsFor(language);
  const other: Language = language === 'zh-CN' ? 'en' : 'zh-CN';
  const who = word.residentName === undefined ? texts.noName : maskName(word.residentName);
  const title = word.isOn ? texts.heading : texts.stopped;
  const body = html`<header>
      <span>${texts.brand}</span>
      <a href="/d/${token}?lang=${other}" lang="${other}" hreflang="${other}">${texts.otherLanguage}</a>
    </header>
    <main>
      <h1>${title}</h1>
      <p><b>${texts.home(who, word.homeCode)}</b></p>
      ${word.isOn ? stopForm(input, language) : stopped(language)}
    </main>`;
  return { language, title: `${title} · ${texts.brand}`, body };
}

function stopForm({ token, chosen, isTooMany, isRefused }: DailyPageInput, language: Language): Html {
  const texts = dailyTextsFor(language);
  return html`${isTooMany && html`<div class="errors" role="alert"><p>${texts.tooMany}</p></div>`}
    <p>${texts.intro}</p>
    ${tickForm({
      action: `/d/${token}${chosen ? `?lang=${chosen}` : ''}`,
      name: 'stop',
      value: 'yes',
      label: texts.stop,
      button: texts.save,
      error: isRefused ? texts.missing : undefined,
    })}`;
}

function stopped(language: Language): Html {
  return html`<div class="panel good" role="status"><p>${dailyTextsFor(language).stoppedText}</p></div>`;
}
