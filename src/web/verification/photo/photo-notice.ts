import { html } from '../../html.ts';
import type { Page } from '../../page.ts';

/** A page with word of a photo above everything else: why it was not kept. */
export function photoNotice(page: Page, text: string): Page {
  const body = html`<aside>
      <div class="panel grave" role="alert">
        <p>${text}</p>
      </div>
    </aside>
    ${page.body}`;
  return { ...page, body };
}
