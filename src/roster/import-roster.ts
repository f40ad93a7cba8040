import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { recordAuditEntry } from '../db/audit-entries.ts';
import { lockRoster } from '../db/roster.ts';
import { type DbPool, inTransaction, type Tx } from '../db/sql.ts';
import { auditCoverage, type CoverageGap } from './audit-coverage.ts';
import { findDuplicates } from './check-duplicates.ts';
import { findBrokenReferences, findImpossibleDuty, findMeterMistakes, findMisplaced } from './check-references.ts';
import { lookUpRoster } from './known-roster.ts';
import { type ParsedRoster, parseRoster } from './parse-roster.ts';
import type { RosterFiles, RosterMistake } from './roster-files.ts';
import { type RosterCounts, writeRoster } from './write-roster.ts';

export interface ImportDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ImportOptions {
  /** Finds out what an import would do, and writes nothing. */
  readonly dryRun?: boolean;
  /** Two-letter codes; numbers written without a country code belong to the first. */
  readonly phoneCountries: readonly string[];
  /** IANA zone of new homes whose line names none. */
  readonly defaultTimeZone: string;
  /** Who imports, for the audit. */
  readonly actor: string;
}

export type ImportReport =
  | { readonly ok: false; readonly mistakes: readonly RosterMistake[] }
  | { readonly ok: true; readonly counts: RosterCounts; readonly gaps: readonly CoverageGap[] };

/**
 * Brings the roster in line with the files, in one transaction: all of it, or nothing at all when there is a single
 * mistake. Importing the same files again changes nothing.
 *
 * Homes and people that the files do not name stay as they are. Those who answer for a home (or a community) that the
 * files name become exactly those of the files, so leaving a line out removes somebody.
 *
 * @returns every mistake of every file by line; or what was added, changed and removed, with what homes now lack.
 */
export async function importRoster(
  deps: ImportDeps,
  files: RosterFiles,
  options: ImportOptions,
): Promise<ImportReport> {
  const { roster, mistakes: misread } = parseRoster(files, options.phoneCountries);
  const report = await inTransactionOf(deps.pool, options.dryRun === true, async (tx) => {
    await lockRoster(tx);
    const at = deps.clock.now();
    const misplaced = await findMistakesAgainstDatabase(tx, roster, at);
    const impossible = findImpossibleDuty(roster, options.defaultTimeZone);
    const mistakes = [...misread, ...findDuplicates(roster), ...misplaced, ...impossible];
    if (mistakes.length > 0) return { ok: false, mistakes: inOrder(mistakes) } as const;

    const counts = await writeRoster(tx, roster, { at, timeZone: options.defaultTimeZone });
    const entry = { at, actor: options.actor, action: 'roster.imported', subject: 'roster', detail: counts };
    await recordAuditEntry(tx, entry);
    return { ok: true, counts, gaps: await auditCoverage(tx, at) } as const;
  });
  if (report.ok && options.dryRun !== true) deps.log.info({ counts: report.counts }, 'roster imported');
  return report;
}

async function findMistakesAgainstDatabase(tx: Tx, roster: ParsedRoster, at: Date): Promise<RosterMistake[]> {
  const known = await lookUpRoster(tx, roster, at);
  return [...findBrokenReferences(roster, known), ...findMisplaced(roster, known), ...findMeterMistakes(roster, known)];
}

function inOrder(mistakes: readonly RosterMistake[]): RosterMistake[] {
  return mistakes.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

/** A transaction that is committed, or rolled back when it is only `pretended`: what it would do is then found by doing it. */
async function inTransactionOf<T>(pool: DbPool, pretended: boolean, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (!pretended) return inTransaction(pool, work);
  const rehearsal: { outcome?: T } = {};
  const undo = new Error('a rehearsal is rolled back');
  await inTransaction(pool, async (tx) => {
    rehearsal.outcome = await work(tx);
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return rehearsal.outcome as T;
}
