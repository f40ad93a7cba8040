/** The kinds of roster file, in the order in which they build on each other. */
export const ROSTER_KINDS = ['communities', 'households', 'people', 'pairings', 'staff', 'leave', 'rota'] as const;
export type RosterKind = (typeof ROSTER_KINDS)[number];

export interface RosterFile {
  /** How the file is called in messages. */
  readonly path: string;
  /** The text, or the bytes of a file that should be UTF-8. */
  readonly text: string | Uint8Array;
}

/** The files of one import; any of them may be left out. */
export type RosterFiles = { readonly [Kind in RosterKind]?: RosterFile | undefined };

/** Something in a file that must be mended before the import. It never repeats what stood in the cell. */
export interface RosterMistake {
  readonly path: string;
  /** Counted from 1, as editors and spreadsheets count. */
  readonly line: number;
  /** The column's name; undefined when the whole line is meant. */
  readonly column: string | undefined;
  readonly message: string;
}

/** A mistake as one line of text: `households.csv:17: tier: expected 1, 2 or 3`. */
export function describeMistake({ path, line, column, message }: RosterMistake): string {
  return [`${path}:${line}`, column, message].filter((part) => part !== undefined).join(': ');
}
