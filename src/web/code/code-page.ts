import type { Language } from '../../domain/language.ts';
import { emergencyNumbersBox } from '../emergency-numbers.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { type CodeTexts, codeTextsFor } from './code-texts.ts';

export interface CodePageInput {
  readonly language: Language;
  /** Whether somebody chose that language, which the form then carries on. */
  readonly isChosen: boolean;
  readonly emergencyNumbers: string;
  /** What somebody entered in vain, for them to mend. */
  readonly refused?: {
    readonly code: string;
    readonly phone: string;
    readonly why: 'wrong' | 'too_many';
  };
}

/** Where somebody types the code from a text that could carry no link. It says the same of every wrong entry. */
export function codePage({ language, isChosen, emergencyNumbers, refused }: CodePageInput): Page {
  const texts = codeTextsFor(language);
  const other: Language = language === 'zh-CN' ? 'en' : 'zh-CN';
  const body = html`<header>
      <span>${texts.brand}</span>
      <a href="/c?lang=${other}" lang="${other}" hreflang="${other}">${texts.otherLanguage}</a>
    </header>
    <main>
      <h1>${texts.heading}</h1>
      ${refused?.why === 'too_many' && tooMany(texts)}
      <p>${texts.intro}</p>
      <form method="post" action="/c${isChosen && `?lang=${language}`}" autocomplete="off">
        ${codeField(texts, refused)} ${phoneField(texts, refused)}
        <button type="submit">${texts.submit}</button>
      </form>
      ${emergencyNumbersBox(texts.emergencyCall, emergencyNumbers)}
    </main>`;
  return { language, title: `${texts.heading} · ${texts.brand}`, body };
}

function tooMany({ tooMany: text }: CodeTexts): Html {
  return html`<div class="errors" role="alert"><p>${text}</p></div>`;
}

function codeField(texts: CodeTexts, refused: CodePageInput['refused']): Html {
  const isWrong = refused?.why === 'wrong';
  return html`<div class="field">
    <label class="name" for="code">${texts.code}</label>
    <span class="soft" id="code-hint">${texts.codeHint}</span>
    ${
      isWrong &&
      html`<p class="error" id="code-error" role="alert">${texts.wrong}</p>
        <p>${texts.wrongAdvice}</p>`
    }
    <input
      type="text"
      name="code"
      id="code"
      value="${refused?.code ?? ''}"
      maxlength="40"
      autocapitalize="characters"
      spellcheck="false"
      required
      aria-describedby="code-hint${isWrong && ' code-error'}"
      ${isWrong && html` aria-invalid="true"`}
    />
  </div>`;
}

function phoneField(texts: CodeTexts, refused: CodePageInput['refused']): Html {
  const isWrong = refused?.why === 'wrong';
  return html`<div class="field">
    <label class="name" for="phone">${texts.phone}</label>
    <span class="soft" id="phone-hint">${texts.phoneHint}</span>
    <input
      type="text"
      inputmode="numeric"
      name="phone"
      id="phone"
      value="${refused?.phone ?? ''}"
      maxlength="40"
      required
      aria-describedby="phone-hint${isWrong && ' code-error'}"
      ${isWrong && html` aria-invalid="true"`}
    />
  </div>`;
}
