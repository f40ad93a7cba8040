import { z } from 'zod';
import type { CheckCodeKind } from '../core/check-code.ts';
import { type Role, ROLES } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, many, sql } from './sql.ts';

export interface NewCheckCode {
  readonly alertId: number;
  readonly personId: number;
  readonly role: Role;
  readonly kind: CheckCodeKind;
  /** The keyed hash of the code: 32 bytes. The code itself is kept nowhere. */
  readonly codeHash: Buffer;
}

/**
 * Makes a code valid. Run it in the transaction that writes down the attempt to text it.
 *
 * A code of digits takes the place of its person's earlier one for the alert: every one that stands is one more that a
 * guess may hit. Codes of letters stand beside each other, as links do.
 */
export async function insertCheckCode(tx: Db, code: NewCheckCode, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      with replaced as (
        update check_code set revoked_at = ${at}
        where alert_id = ${code.alertId} and person_id = ${code.personId} and kind = 'digits'
          and ${code.kind} = 'digits' and voided_at is null and revoked_at is null
      )
      insert into check_code (alert_id, person_id, role, kind, code_hash, created_at)
      values (${code.alertId}, ${code.personId}, ${code.role}, ${code.kind}, ${code.codeHash}, ${at})
    `,
  );
}

const standingCode = z
  .object({
    id: z.number(),
    alertId: z.number(),
    personId: z.number(),
    role: z.enum(ROLES),
    kind: z.enum(['letters', 'digits']),
    phone: z.string(),
    closedAt: z
      .date()
      .nullable()
      .transform((closedAt) => closedAt ?? undefined),
  })
  .readonly();

/** A code that is neither void nor revoked, with the phone of its person as the roster knows it now. */
export type StandingCheckCode = z.output<typeof standingCode>;

/** The codes with this hash that still stand, locked until the transaction ends. Codes of digits may coincide. */
export function lockCheckCodes(tx: Db, codeHash: Buffer): Promise<StandingCheckCode[]> {
  return many(
    tx,
    standingCode,
    sql`
      select check_code.id, alert_id as "alertId", person_id as "personId", role, kind, person.phone,
             alert.closed_at as "closedAt"
      from check_code
      join person on person.id = check_code.person_id
      join alert on alert.id = check_code.alert_id
      where code_hash = ${codeHash} and voided_at is null and revoked_at is null
      order by check_code.id
      for update of check_code
    `,
  );
}

const voidedCode = z.object({
  alertId: z.number(),
  personId: z.number(),
  role: z.enum(ROLES),
  kind: z.enum(['letters', 'digits']),
  step: z.number(),
  isOver: z.boolean(),
});
/** A code that has just become void, and how far its alert is. */
export type VoidedCheckCode = z.output<typeof voidedCode>;

export interface WrongTry {
  readonly codeHash: Buffer;
  /** The digits of the phone that were given, and whether these are so many that they can be a whole number. */
  readonly phoneDigits: string;
  readonly isWholePhone: boolean;
  readonly triesUntilVoid: number;
}

/**
 * Counts a wrong try against the codes it was aimed at: those with this very code, and those of digits alone whose
 * person's whole phone was given. Yields the codes that are void from now on.
 */
export function countWrongTry(tx: Db, wrong: WrongTry, at: Date): Promise<VoidedCheckCode[]> {
  const { codeHash, phoneDigits, isWholePhone, triesUntilVoid } = wrong;
  return many(
    tx,
    voidedCode,
    sql`
      with aimed_at as (
        select id from check_code
        where voided_at is null and revoked_at is null
          and (code_hash = ${codeHash}
            or ${isWholePhone}::boolean and kind = 'digits'
               and person_id in (select id from person
                                 where right(phone, 7) = right(${phoneDigits}, 7)
                                   and right(phone, length(${phoneDigits})) = ${phoneDigits}))
        order by id
        for update
      ), counted as (
        update check_code
        set wrong_tries = wrong_tries + 1,
            voided_at = case when wrong_tries + 1 >= ${triesUntilVoid} then ${at}::timestamptz end
        from aimed_at
        where check_code.id = aimed_at.id
        returning alert_id, person_id, role, kind, voided_at
      )
      select alert_id as "alertId", person_id as "personId", role, kind, alert.step, alert.state = 'closed' as "isOver"
      from counted join alert on alert.id = alert_id
      where voided_at is not null
    `,
  );
}
