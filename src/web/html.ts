const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that may be sent as it is. Only the `html` tag and `trusted` make it. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What a template may hold: markup is kept, text is escaped, `undefined` and `false` leave nothing. */
export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

/** Markup from a template. Every text put into it is escaped, within attributes too as long as they are quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((joined, markup, i) => joined + render(parts[i - 1]) + markup));
}

/** Takes text of our own, such as the style sheet, for markup. Nothing that came from outside may pass here. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function render(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part.map(render).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}
