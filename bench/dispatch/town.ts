import type { DbPool } from '../../src/db/sql.ts';
import type { Evidence } from '../../src/domain/alerting/finding.ts';

/** A home whose water has stood still, with the phones of its guardian and its contact. */
export interface BenchHome {
  readonly householdId: number;
  readonly findingId: number;
  readonly evidence: Evidence;
  readonly phones: readonly [string, string];
}

/** So many homes with a finding each, a guardian and a contact of their own, and one desk. */
export async function layOutTown(pool: DbPool, homes: number, at: Date): Promise<BenchHome[]> {
  const evidence: Evidence = {
    detector: 'low-use',
    windowHours: 24,
    floorLitres: 6,
    litres: 3,
    lastUseAtMs: undefined,
    asOfMs: at.getTime(),
  };
  await pool.query(`insert into community (code, name, level) values ('city', 'City', 'city')`);
  await pool.query(
    `insert into household (code, community_id, tier, time_zone, monitored_from)
     select 'B' || n, (select id from community), 1 + n % 3, 'Asia/Shanghai', $1 from generate_series(1, $2) n`,
    [at, homes],
  );
  await pool.query(`insert into resident (household_id, name) select id, '张伟' from household`);
  for (const [role, prefix] of [
    ['guardian', '+86138'],
    ['contact', '+86139'],
  ] as const) {
    await pool.query(
      `insert into person (name, phone) select $1, $2 || lpad(n::text, 8, '0') from generate_series(1, $3) n`,
      [role, prefix, homes],
    );
    await pool.query(
      `insert into pairing (household_id, person_id, role, position)
       select household.id, person.id, $1, 1 from household join person on person.phone = $2 || lpad(substr(code, 2), 8, '0')`,
      [role, prefix],
    );
  }
  const { rows } = await pool.query<{ householdId: number; findingId: number; n: string }>(
    `with found as (
       insert into finding (household_id, detector, detector_version, began_at, evidence, found_at)
       select id, 'low-use', 1, $1, $2, $1 from household returning id, household_id)
     select household.id as "householdId", found.id as "findingId", lpad(substr(code, 2), 8, '0') as n
     from found join household on household.id = found.household_id order by household.id`,
    [at, evidence],
  );
  await pool.query('analyze');
  return rows.map(({ n, ...ids }) => ({ ...ids, evidence, phones: [`+86138${n}`, `+86139${n}`] }));
}
