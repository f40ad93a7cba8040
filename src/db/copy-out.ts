import pg from 'pg';
import { canCopy } from './copy-in.ts';
import type { Db, Tx } from './sql.ts';

/**
 * Takes what a `copy … to stdout` sends, in the form that its text names, as one piece.
 *
 * @throws DatabaseError as any statement does.
 */
export function copyOut(client: Tx, text: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const done = (error?: Error) => (error ? reject(error) : resolve(Buffer.concat(parts)));
    client.query(new CopyOut(text, (part) => parts.push(part), done));
  });
}

/** A connection from which COPY can be read: the one that was given, or one of the pool. Undefined where there is none. */
export async function withCopyClient<T>(db: Db, work: (client: Tx | undefined) => Promise<T>): Promise<T> {
  if (!(db instanceof pg.Pool)) return work(isClient(db) ? db : undefined);
  const client = await db.connect();
  let isBroken = true;
  try {
    const outcome = await work(client);
    isBroken = false;
    return outcome;
  } finally {
    // As the pool does it for its own statements: whoever failed may yet answer, and to somebody else's question.
    client.release(isBroken);
  }
}

function isClient(db: Db): db is Tx {
  return canCopy(db as Tx);
}

/** What a connection of `pg` asks of a statement that it does not know itself. */
class CopyOut implements pg.Submittable {
  readonly #text: string;
  readonly #take: (part: Buffer) => void;
  /** Called once, at the end. `pg` puts its own time-out around it. */
  callback: (error?: Error) => void;

  constructor(text: string, take: (part: Buffer) => void, callback: (error?: Error) => void) {
    this.#text = text;
    this.#take = take;
    this.callback = callback;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // The driver reads what comes next into the same bytes.
    this.#take(Buffer.from(chunk));
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  handleCommandComplete(): void {
    // It counts when the server is ready again.
  }
}
