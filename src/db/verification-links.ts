import type { Role } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, sql } from './sql.ts';

export interface NewVerificationLink {
  readonly alertId: number;
  readonly personId: number;
  readonly role: Role;
  /** SHA-256 of the token: 32 bytes. The token itself is kept nowhere. */
  readonly tokenHash: Buffer;
}

/** Makes a link valid. Run it in the transaction that writes down the attempt to text it. */
export async function insertVerificationLink(tx: Db, link: NewVerificationLink, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into verification_link (alert_id, person_id, role, token_hash, created_at)
      values (${link.alertId}, ${link.personId}, ${link.role}, ${link.tokenHash}, ${at})
    `,
  );
}

/** Makes a link valid that a code leads to; entering the code again changes nothing. Returns whether it is a new one. */
export async function insertCodeLink(tx: Db, link: NewVerificationLink, at: Date): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`
      insert into verification_link (alert_id, person_id, role, token_hash, created_at)
      values (${link.alertId}, ${link.personId}, ${link.role}, ${link.tokenHash}, ${at})
      on conflict (token_hash) do nothing
    `,
  );
  return inserted > 0;
}
