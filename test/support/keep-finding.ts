import { insertFindings, type NewFinding } from '../../src/db/findings.ts';
import type { Db } from '../../src/db/sql.ts';

/** Keeps one finding, and returns its number. */
export async function keepFinding(db: Db, finding: NewFinding, at: Date): Promise<number> {
  const [id] = await insertFindings(db, [finding], at);
  if (id === undefined) throw new Error('a finding was not kept');
  return id;
}
