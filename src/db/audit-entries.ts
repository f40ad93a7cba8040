import { type Db, execute, sql } from './sql.ts';

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  /** What was done, in the past tense: `roster.imported`. */
  readonly action: string;
  readonly subject: string;
  /** Figures and codes; no names, phones or tokens. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Writes a line that the database never lets anybody change. Belongs in the transaction of what it tells of. */
export async function recordAuditEntry(tx: Db, { at, actor, action, subject, detail }: AuditEntry): Promise<void> {
  await execute(
    tx,
    sql`
      insert into audit_entry (at, actor, action, subject, detail)
      values (${at}, ${actor}, ${action}, ${subject}, ${detail})
    `,
  );
}
