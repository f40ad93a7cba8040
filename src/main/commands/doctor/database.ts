import type { Clock } from '../../../core/clock.ts';
import { failingTimescaleJobs, idleTimescaleJobs, type ServerFacts, serverFacts } from '../../../db/installation.ts';
import { pendingMigrations } from '../../../db/migrate.ts';
import type { DbPool } from '../../../db/sql.ts';
import { type Check, fine, problem, warning } from './check.ts';

const OLDEST = 15;
const NEWEST_TRIED = 18;
const LARGEST_SKEW_MS = 5_000;

/** The database server itself: its version, its clock, TimescaleDB. Throws when it cannot be reached. */
export async function checkDatabaseServer(pool: DbPool, clock: Clock): Promise<readonly Check[]> {
  const askedMs = clock.now().getTime();
  const facts = await serverFacts(pool);
  const answeredMs = clock.now().getTime();
  return [
    checkVersion(facts),
    checkSkew(facts.clock.getTime() - (askedMs + answeredMs) / 2),
    await checkTimescale(pool, facts, clock.now()),
  ];
}

function checkVersion({ version, versionNumber }: ServerFacts): Check {
  const name = 'PostgreSQL';
  const major = Math.floor(versionNumber / 10_000);
  if (major < OLDEST) return problem(name, `${version} is too old`, `use PostgreSQL ${OLDEST} to ${NEWEST_TRIED}`);
  if (major > NEWEST_TRIED) {
    return warning(name, `${version} was never tried`, `use PostgreSQL ${OLDEST} to ${NEWEST_TRIED}`);
  }
  return fine(name, version);
}

/** @param skewMs how far the database's clock is ahead of ours. */
function checkSkew(skewMs: number): Check {
  const name = 'clocks';
  if (Math.abs(skewMs) <= LARGEST_SKEW_MS) return fine(name, 'ours and the database’s agree');
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  return problem(name, `the database is ${seconds} s ${direction} us`, 'run NTP on both machines');
}

async function checkTimescale(pool: DbPool, { timescaleVersion }: ServerFacts, at: Date): Promise<Check> {
  const name = 'TimescaleDB';
  if (timescaleVersion === null) {
    const advice = 'install TimescaleDB before the first migration, unless the town is small';
    return warning(name, 'not installed: readings are not compressed', advice);
  }
  const failing = await failingTimescaleJobs(pool);
  if (failing.length > 0) {
    const found = `${timescaleVersion}; the last run failed of: ${failing.join(', ')}`;
    return warning(name, found, 'see timescaledb_information.job_errors');
  }
  const idle = await idleTimescaleJobs(pool, at);
  if (idle.length === 0) return fine(name, timescaleVersion);
  const found = `${timescaleVersion}; for long nobody has run: ${idle.join(', ')}`;
  return warning(name, found, 'are timescaledb.max_background_workers and max_worker_processes large enough?');
}

/** Whether the schema is the one this program was written for. */
export async function checkSchema(pool: DbPool): Promise<Check> {
  const name = 'schema';
  const pending = await pendingMigrations({ run: (script) => pool.query(script) });
  if (pending > 0) return problem(name, `${pending} migration(s) not applied`, 'run stillwater migrate');
  if (pending < 0) return problem(name, 'newer than this program', 'run the version that migrated the database');
  return fine(name, 'up to date');
}
