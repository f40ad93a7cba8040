import pg from 'pg';
import type { Tx } from './sql.ts';

/** Whether this connection can take rows by COPY: one of `pg` can, one that only looks like it cannot. */
export function canCopy(tx: Tx): boolean {
  return tx instanceof pg.Client;
}

/**
 * Sends rows that are all there already to a `copy … from stdin`, in the form that its text names.
 *
 * The statement and its rows go out together, without waiting for the server to ask for them: that saves a round trip.
 * Should the server refuse the statement, it passes over the rows that follow, as the protocol asks of it.
 *
 * @throws DatabaseError as any statement does; the transaction is then lost.
 */
export function copyIn(tx: Tx, text: string, rows: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.query(new CopyIn(text, rows, (error) => (error ? reject(error) : resolve())));
  });
}

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.of(0x63, 0, 0, 0, 4);
/** The length counts itself. */
const LENGTH_BYTES = 4;

/** What a connection of `pg` asks of a statement that it does not know itself. */
class CopyIn implements pg.Submittable {
  readonly #text: string;
  readonly #rows: Uint8Array;
  /** Called once, at the end. `pg` puts its own time-out around it. */
  callback: (error?: Error) => void;

  constructor(text: string, rows: Uint8Array, callback: (error?: Error) => void) {
    this.#text = text;
    this.#rows = rows;
    this.callback = callback;
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    const head = Buffer.alloc(1 + LENGTH_BYTES);
    head.writeUInt8(COPY_DATA);
    head.writeUInt32BE(LENGTH_BYTES + this.#rows.byteLength, 1);
    stream.cork();
    connection.query(this.#text);
    for (const part of [head, this.#rows, COPY_DONE]) stream.write(part);
    stream.uncork();
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  handleCopyInResponse(): void {
    // The rows are under way.
  }

  handleCommandComplete(): void {
    // It counts when the server is ready again.
  }
}
