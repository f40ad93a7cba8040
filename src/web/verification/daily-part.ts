import { html, type Html } from '../html.ts';
import { tickForm } from '../tick-form.ts';
import type { Visit } from './load-visit.ts';
import type { PageTexts } from './page-texts.ts';
import { visitPath } from './visit-path.ts';

/** Where a guardian asks to be told once a day that water was used, and where they stop it. Others are not offered it. */
export function dailyPart(visit: Visit, { daily }: PageTexts, isRefused = false): Html | undefined {
  if (visit.hasDailyWord === undefined) return undefined;
  const form = {
    action: visitPath(visit, '/daily', visit.language),
    name: 'daily_word',
    button: daily.save,
    error: isRefused ? daily.missing : undefined,
  };
  return html`<h2 id="daily">${daily.heading}</h2>
    ${
      visit.hasDailyWord
        ? html`<p>${daily.on}</p>
            ${tickForm({ ...form, value: 'stop', label: daily.stop })}`
        : tickForm({ ...form, value: 'start', label: daily.choice, hint: daily.hint })
    }`;
}
