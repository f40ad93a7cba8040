/** A piece of what a process wrote, as test/support/log-watch/preload.mjs copies it. */
export interface WatchedRecord {
  readonly kind: 'process' | 'test' | 'log' | 'stdout' | 'stderr' | 'console' | 'token' | 'code';
  readonly text: string;
}

/** Something private that was written where it must not be. */
export interface Leak {
  readonly what: 'a phone' | 'a name' | 'a token' | 'a code';
  readonly kind: WatchedRecord['kind'];
  readonly text: string;
}

/** Chinese mobile numbers with or without their country, and any number in the international form. */
const PHONE = /(?<![\d.])(?:\+?86)?1[3-9]\d{9}(?![\d.])|\+[1-9]\d{7,14}(?!\d)/;
/** The log is written in English: what is Chinese in it came from the roster or from a text. */
const CHINESE = /\p{Script=Han}/u;
/** Names of people in the tests that are not Chinese. */
const OTHER_NAMES = /Rosa Gruber/;
/** A link as it stands in a text. */
const LINK = /\/[vd]\/[\w-]{16,}/;
const WORD = /[\w-]+/g;
const WRITTEN: readonly string[] = ['log', 'stdout', 'stderr', 'console'];

/** Whether people may read this record; the others are about the run. */
export function isWritten({ kind }: WatchedRecord): boolean {
  return WRITTEN.includes(kind);
}

/** Phones, names, tokens and codes in what was written, each once. `secrets` are all tokens and codes ever made. */
export function leaksIn({ kind, text }: WatchedRecord, secrets: ReadonlySet<string>): Leak[] {
  const words = text.match(WORD) ?? [];
  // A code is shown in two halves.
  const found = {
    'a phone': PHONE.test(text),
    'a name': CHINESE.test(text) || OTHER_NAMES.test(text),
    'a token': LINK.test(text) || words.some((word) => word.length > 8 && secrets.has(word)),
    'a code': words.some((word) => word.length <= 9 && secrets.has(word.replace('-', ''))),
  };
  return (Object.keys(found) as Leak['what'][]).filter((what) => found[what]).map((what) => ({ what, kind, text }));
}
