import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { KeptMessage, OutgoingMessage } from './kept-messages.ts';

/** What a head-end has to know again after it was killed. */
export interface Journal {
  readonly stream: string;
  /** The number of the first kept message, and the messages from it on. */
  readonly oldest: number;
  readonly kept: readonly OutgoingMessage[];
  /** Writes a message down before it is sent. */
  readonly keep: (message: KeptMessage) => void;
  /** Everything below `oldest` is stored; `count` messages are not. */
  readonly forget: (oldest: number, count: number) => void;
  readonly close: () => void;
}

/** Beyond this many lines, a journal is begun anew as soon as nothing is kept. */
const LINES_BEFORE_RENEWAL = 10_000;

/** For a head-end that forgets when it is killed: it starts another stream. */
export function noJournal(stream: string): Journal {
  return { stream, oldest: 0, kept: [], keep: () => undefined, forget: () => undefined, close: () => undefined };
}

/**
 * Opens or begins the journal in a file of lines of JSON: first the stream, then each message, and now and then how far
 * all is stored. A last line that was cut off by a kill is left out: its message was not sent.
 */
export function openJournal(path: string, freshStream: string): Journal {
  const { stream, oldest, kept } = existsSync(path) ? readJournal(path, freshStream) : beginning(freshStream);
  let file = begin(path, stream, oldest, kept);
  let lines = kept.length;
  return {
    stream,
    oldest,
    kept,
    keep: ({ topic, payload }) => {
      writeSync(file, `${JSON.stringify({ topic, payload })}\n`);
      lines += 1;
    },
    forget: (stored, count) => {
      if (count > 0 || lines < LINES_BEFORE_RENEWAL) {
        writeSync(file, `${JSON.stringify({ oldest: stored })}\n`);
        return;
      }
      closeSync(file);
      file = begin(path, stream, stored, []);
      lines = 0;
    },
    close: () => closeSync(file),
  };
}

interface Contents {
  readonly stream: string;
  readonly oldest: number;
  readonly kept: readonly OutgoingMessage[];
}

function beginning(stream: string): Contents {
  return { stream, oldest: 0, kept: [] };
}

/** Writes a journal of what is kept beside the old one and puts it in its place. Returns it, open to be added to. */
function begin(path: string, stream: string, oldest: number, kept: readonly OutgoingMessage[]): number {
  const fresh = openSync(`${path}.new`, 'w', 0o600);
  for (const line of [{ stream, oldest }, ...kept]) writeSync(fresh, `${JSON.stringify(line)}\n`);
  fsyncSync(fresh);
  closeSync(fresh);
  renameSync(`${path}.new`, path);
  return openSync(path, 'a');
}

function readJournal(path: string, freshStream: string): Contents {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const [first, ...rest] = lines.map((line) => JSON.parse(line) as Partial<Contents & OutgoingMessage>);
  if (first?.stream === undefined) return beginning(freshStream);
  const { stream, oldest: begun = 0 } = first;
  const messages = rest.flatMap(({ topic, payload }) =>
    topic !== undefined && payload !== undefined ? [{ topic, payload }] : [],
  );
  const oldest = rest.reduce((highest, line) => Math.max(highest, line.oldest ?? 0), begun);
  return { stream, oldest, kept: messages.slice(oldest - begun) };
}
