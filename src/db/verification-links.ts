import type { Role } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, sql } from './sql.ts';

export interface NewVerificationLink {
  readonly alertId: number;
  readonly personId: number;
  readonly role: Role;
  /** SHA-256 of the token: 32 bytes. The token itself is kept nowhere. */
  readonly tokenHash: Buffer;
}

/** Makes links valid. Run it in the transaction that writes down the attempts to text them. */
export async function insertVerificationLinks(tx: Db, links: readonly NewVerificationLink[], at: Date): Promise<void> {
  if (links.length === 0) return;
  await execute(
    tx,
    sql`
      insert into verification_link (alert_id, person_id, role, token_hash, created_at)
      select link.*, ${at}::timestamptz
      from unnest(${links.map(({ alertId }) => alertId)}::bigint[], ${links.map(({ personId }) => personId)}::bigint[],
                  ${links.map(({ role }) => role)}::text[], ${links.map(({ tokenHash }) => tokenHash)}::bytea[])
           as link (alert_id, person_id, role, token_hash)
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
