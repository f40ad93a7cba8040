import { z } from 'zod';
import { type Db, many, maybeOne, one, sql, type Tx } from './sql.ts';

const policyRow = z.object({
  id: z.number(),
  /** The JSON of a policy file. */
  policy: z.string(),
  per100HomesAMonth: z.number().nullable(),
  enabledAt: z.date(),
  enabledBy: z.string(),
  reason: z.string().nullable(),
});

/** A policy as it was enabled. */
export type EnabledPolicy = z.output<typeof policyRow>;

/** The policy in force, if one was enabled after the one with this number; undefined where none was. */
export function policyEnabledAfter(db: Db, id: number): Promise<EnabledPolicy | undefined> {
  return maybeOne(
    db,
    policyRow,
    sql`
      select id, policy::text as policy, (price ->> 'per100HomesAMonth')::float8 as "per100HomesAMonth",
             enabled_at as "enabledAt", enabled_by as "enabledBy", reason
      from policy_in_force where id > ${id}
      order by id desc limit 1
    `,
  );
}

export interface NewPolicy {
  /** The JSON of a policy file. */
  readonly policy: string;
  /** What it would have cost on past readings: `per100HomesAMonth` alarms, and how they were counted. */
  readonly price: { readonly per100HomesAMonth: number } & Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly reason: string | undefined;
}

/** Puts a policy in force. Returns its number. */
export async function insertPolicy(tx: Tx, { policy, price, by, reason }: NewPolicy, at: Date): Promise<number> {
  const { id } = await one(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into policy_in_force (policy, price, enabled_at, enabled_by, reason)
      values (${policy}::jsonb, ${JSON.stringify(price)}::jsonb, ${at}, ${by}, ${reason ?? null})
      returning id
    `,
  );
  return id;
}

/** Which of these codes no community has. */
export async function unknownCommunities(db: Db, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) return [];
  const rows = await many(
    db,
    z.object({ code: z.string() }),
    sql`
      select code from unnest(${codes}::text[]) as named (code)
      where not exists (select from community where community.code = named.code)
      order by code
    `,
  );
  return rows.map(({ code }) => code);
}
