import type { MeterFlag } from '../../domain/metering/meter-flag.ts';
import { parsePath, valueAt } from './json-path.ts';
import type { Meaning, StatusMapping } from './telegram-mapping.ts';

/** What a meter says of itself. */
export interface ReportedStatus {
  readonly flags: ReadonlySet<MeterFlag>;
  /** The first thing that nobody knows, for a person to read. */
  readonly unknown: string | undefined;
}

const MAX_WORDS = 100;
const MAX_TEXT = 1_000;
const SHOWN_CHARS = 40;
const MAX_BITS = 32;
const SEPARATORS = /[\s,;|]+/;

/** Makes the reader of all places where a format says how the meter is. What is missing says nothing. */
export function statusReader(mappings: readonly StatusMapping[]): (telegram: unknown) => ReportedStatus {
  const places = mappings.map((mapping) => ({
    ...mapping,
    steps: parsePath(mapping.path),
    meaningOf: wordBook(mapping),
  }));
  return (telegram) => {
    const flags = new Set<MeterFlag>();
    let unknown: string | undefined;
    for (const { path, steps, bits, meaningOf } of places) {
      const said = valueAt(telegram, steps);
      for (const word of bits ? bitsIn(said) : wordsIn(said, meaningOf)) {
        const meaning = meaningOf(word);
        if (meaning === undefined) unknown ??= `${path}: nobody knows ${JSON.stringify(word.slice(0, SHOWN_CHARS))}`;
        else if (meaning !== 'fine') flags.add(meaning);
      }
    }
    return { flags, unknown };
  };
}

/** Looks words up without regard to case. */
function wordBook({ words = {}, bits }: StatusMapping): (word: string) => Meaning | undefined {
  const book = new Map(Object.entries(bits ?? words).map(([word, meaning]) => [word.toLowerCase(), meaning]));
  return (word) => book.get(word.toLowerCase());
}

/** The words of a text, or of each entry of a list. A text that is known as a whole is one word. */
function wordsIn(said: unknown, meaningOf: (word: string) => Meaning | undefined): readonly string[] {
  const texts = (Array.isArray(said) ? said.slice(0, MAX_WORDS + 1) : [said]).map(textOf);
  const words = texts.flatMap((text) => (meaningOf(text) === undefined ? text.split(SEPARATORS) : [text]));
  const told = words.filter((word) => word !== '');
  return told.length > MAX_WORDS ? [...told.slice(0, MAX_WORDS), '(more words than are read)'] : told;
}

function textOf(said: unknown): string {
  if (said === undefined || said === null) return '';
  if (typeof said === 'string') return said.slice(0, MAX_TEXT).trim();
  return typeof said === 'number' || typeof said === 'boolean' ? String(said) : '(not a word)';
}

/** The numbers of the bits that are set, the lowest is 0. */
function bitsIn(said: unknown): readonly string[] {
  if (said === undefined || said === null) return [];
  const isNumber = typeof said === 'number' && Number.isInteger(said) && said >= 0 && said < 2 ** MAX_BITS;
  if (!isNumber) return ['(not a number of 32 bits)'];
  return Array.from({ length: MAX_BITS }, (_, bit) => bit)
    .filter((bit) => Math.floor(said / 2 ** bit) % 2 === 1)
    .map(String);
}
