import type { KeptNote } from '../../db/check-notes.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { clockText, emergencyBox, framed, homeLine, type PageInput } from './page-parts.ts';
import { textsFor } from './texts.ts';
import { visitPath } from './visit-path.ts';

export interface NotePageInput extends PageInput {
  /** What this person has added before. */
  readonly notes: readonly KeptNote[];
  /** A note that was refused: there was none, or too much of it. */
  readonly refused?: string | undefined;
}

/** Where somebody adds a note to a check. It changes nothing and tells nobody, which it says. */
export function notePage({ visit, emergencyNumbers, notes, refused }: NotePageInput): Page {
  const { notes: words } = textsFor(visit.language);
  const texts = textsFor(visit.language);
  const error = refused !== undefined && html`<p class="error" id="note-error" role="alert">${words.missing}</p>`;
  const main = html`<h1>${words.heading}</h1>
    ${homeLine(visit, texts)}
    ${notes.map(
      ({ note, writtenAt }) =>
        html`<div class="panel good">
          <p>${words.kept(clockText(writtenAt, visit))}</p>
          <p>${note}</p>
        </div>`,
    )}
    <form method="post" action="${visitPath(visit, '/note', visit.language)}" novalidate>
      <label class="name" for="note">${words.heading}</label>
      <span class="soft" id="note-hint">${words.intro}</span>${error}
      <textarea name="note" id="note" rows="4" aria-describedby="note-hint${error && ' note-error'}">
${refused ?? ''}</textarea>
      <button>${words.submit}</button>
    </form>
    <a class="button plain" href="${visitPath(visit, '', visit.language)}">${words.back}</a>
    ${emergencyBox(texts, emergencyNumbers)}`;
  return framed(visit, '/note', words.heading, main);
}
