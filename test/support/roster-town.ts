import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/core/logger.ts';
import { type Clock, handTurnedClock } from '../../src/core/clock.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { importRoster, type ImportOptions, type ImportReport } from '../../src/roster/import-roster.ts';
import { describeMistake, ROSTER_KINDS, type RosterKind } from '../../src/roster/roster-files.ts';

export type RosterTexts = Readonly<Partial<Record<RosterKind, string>>>;

const TOWN = fileURLToPath(new URL('../fixtures/roster/town/', import.meta.url));

/** The files of a small town: three homes, four people. */
export const TOWN_FILES = Object.fromEntries(
  ROSTER_KINDS.map((kind) => [kind, readFileSync(`${TOWN}${kind}.csv`, 'utf8')]),
) as Record<RosterKind, string>;

/** Imports texts as if they were files, on the morning of 1 April 2026 unless a clock says otherwise. */
export function importTexts(
  pool: DbPool,
  texts: RosterTexts,
  options: Partial<ImportOptions> & { clock?: Clock } = {},
): Promise<ImportReport> {
  const { clock = handTurnedClock(new Date('2026-04-01T00:00:00Z')), ...others } = options;
  const files = Object.fromEntries(Object.entries(texts).map(([kind, text]) => [kind, { path: `${kind}.csv`, text }]));
  const usual = { phoneCountries: ['CN'], defaultTimeZone: 'Asia/Shanghai', actor: 'a clerk' };
  return importRoster({ pool, clock, log: createLogger('warn') }, files, { ...usual, ...others });
}

/** The mistakes of a refused import as an operator reads them. */
export function mistakesIn(report: ImportReport): string[] {
  return report.ok ? [] : report.mistakes.map(describeMistake);
}

/** Takes everything out of the roster, so that the next story finds an empty town. */
export async function emptyRoster(pool: DbPool): Promise<void> {
  for (const table of ['meter_binding', 'meter', 'household', 'community_staff', 'person', 'community']) {
    await pool.query(`delete from ${table}`);
  }
}
