import { html, type Html } from '../../html.ts';
import type { PageTexts } from '../page-texts.ts';

/**
 * Where a photo is taken or chosen: always the last field of a form, so that whatever happens to it on the way, all
 * others have arrived. Only types are offered that can be read; telephones turn their own into the first of them.
 */
export function photoField({ photo: words }: PageTexts): Html {
  return html`<div class="field">
    <label class="name" for="photo">${words.label}</label>
    <span class="soft" id="photo-hint">${words.hint}</span>
    <input
      type="file"
      name="photo"
      id="photo"
      accept="image/jpeg,image/png,image/webp"
      capture="environment"
      aria-describedby="photo-hint"
    />
  </div>`;
}
