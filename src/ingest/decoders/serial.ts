/** A name that a topic may carry and that a meter may be registered under. */
const NAME = /^[A-Za-z0-9._:-]{1,64}$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** The serial that a telegram says, as text; undefined where it is none. Whole numbers are taken for their digits. */
export function serialOf(said: unknown): string | undefined {
  const text = typeof said === 'number' && Number.isSafeInteger(said) && said >= 0 ? String(said) : said;
  return typeof text === 'string' && isName(text) ? text : undefined;
}
