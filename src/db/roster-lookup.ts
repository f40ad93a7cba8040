import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const communityRow = z.object({ code: z.string(), level: z.enum(['city', 'town', 'community']) });

/** Those of the codes that are communities already. */
export function communitiesNamed(db: Db, codes: readonly string[]): Promise<z.output<typeof communityRow>[]> {
  return many(db, communityRow, sql`select code, level from community where code = any (${codes})`);
}

const codeRow = z.object({ code: z.string() });

/** Those of the codes that are homes already. */
export async function householdsNamed(db: Db, codes: readonly string[]): Promise<string[]> {
  const rows = await many(db, codeRow, sql`select code from household where code = any (${codes})`);
  return rows.map(({ code }) => code);
}

const phoneRow = z.object({ phone: z.string() });

/** Those of the phones (E.164) that are people already. */
export async function peopleWithPhones(db: Db, phones: readonly string[]): Promise<string[]> {
  const rows = await many(db, phoneRow, sql`select phone from person where phone = any (${phones})`);
  return rows.map(({ phone }) => phone);
}

const bindingRow = z.object({ serial: z.string(), household: z.string() });

/** At which homes (by code) the meters of these serials are bound at `at`, or will be. */
export function standingBindings(db: Db, serials: readonly string[], at: Date): Promise<z.output<typeof bindingRow>[]> {
  return many(
    db,
    bindingRow,
    sql`
      select meter.serial, household.code as household
      from meter
      join meter_binding on meter_binding.meter_id = meter.id
      join household on household.id = meter_binding.household_id
      where meter.serial = any (${serials}) and (bound_until is null or bound_until > ${at})
    `,
  );
}
