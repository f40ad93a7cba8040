import { html, type Html } from '../html.ts';
import type { Visit } from './load-visit.ts';
import type { PageTexts } from './page-texts.ts';
import { visitPath } from './visit-path.ts';

/**
 * Where a guardian asks to be told once a day that water was used, and where they stop it. It must be ticked, so that a
 * program which only presses buttons asks for nothing. Others are not offered it.
 */
export function dailyPart(visit: Visit, { daily }: PageTexts, isRefused = false): Html | undefined {
  if (visit.hasDailyWord === undefined) return undefined;
  const action = visitPath(visit, '/daily', visit.language);
  if (visit.hasDailyWord) {
    return html`<h2 id="daily">${daily.heading}</h2>
      <p>${daily.on}</p>
      <form method="post" action="${action}">
        <button class="plain" name="daily_word" value="stop">${daily.stop}</button>
      </form>`;
  }
  const error = isRefused && html`<p class="error" id="daily_word-error" role="alert">${daily.missing}</p>`;
  return html`<h2 id="daily">${daily.heading}</h2>
    <form method="post" action="${action}" novalidate>
      ${error}
      <label class="choice">
        <input
          type="checkbox"
          name="daily_word"
          id="daily_word"
          value="start"
          ${isRefused && html` aria-invalid="true" aria-describedby="daily_word-error"`}
        />
        <span><b>${daily.choice}</b><small>${daily.hint}</small></span>
      </label>
      <button class="plain">${daily.start}</button>
    </form>`;
}
