import { fileURLToPath } from 'node:url';
import Postgrator from 'postgrator';
import { AppError, messageOf } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { ping } from './installation.ts';
import { type DbPool, inTransaction } from './sql.ts';

/** What a migration needs of a database; a client of `pg` and the WebAssembly build both have it. */
export interface MigrationTarget {
  /** Runs a script of one or more statements in the simple protocol and returns the rows of the last. */
  readonly run: (script: string) => Promise<{ rows: unknown[] }>;
}

const MIGRATIONS_LOCK = 7_311_955_020;

/**
 * Brings the schema up to date in one transaction: all pending migrations, or none.
 *
 * Starting several processes at once is safe, since they wait for each other. A migration file that was changed
 * after it had been applied is refused. Returns the names of the migrations that were applied.
 *
 * @throws AppError `service_unreachable`, or `database_not_migrated` when a migration fails.
 */
export async function migrate(pool: DbPool, timeZone: string): Promise<string[]> {
  await reach(pool);
  return inTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATIONS_LOCK]);
    const run = async (script: string) => {
      const result: unknown = await tx.query(script);
      const last: unknown = Array.isArray(result) ? result.at(-1) : result;
      return last as { rows: unknown[] };
    };
    return applyMigrations({ run }, timeZone);
  });
}

/**
 * Whether the database behind `pool` is older than this code.
 *
 * @throws AppError `service_unreachable`
 */
export async function lacksMigrations(pool: DbPool): Promise<boolean> {
  await reach(pool);
  return (await pendingMigrations({ run: (script) => pool.query(script) })) > 0;
}

/** The schema is the first thing that anybody asks for: here it shows whether there is a database at all. */
function reach(pool: DbPool): Promise<void> {
  return ping(pool).catch((cause: unknown) => {
    throw new AppError('service_unreachable', `the database cannot be used: ${messageOf(cause)}`, {
      cause,
      retryable: true,
    });
  });
}

/** Applies the migrations to `target`, which must already be in a transaction. */
export async function applyMigrations(target: MigrationTarget, timeZone: string): Promise<string[]> {
  await target.run(`set local stillwater.time_zone = '${timeZone.replaceAll("'", "''")}'`);
  const postgrator = postgratorFor(target);
  try {
    const applied = await postgrator.migrate();
    return applied.map(({ version, name }) => `${version} ${name}`);
  } catch (cause) {
    throw new AppError('database_not_migrated', `a migration failed, nothing was changed: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** How many migrations the database lacks. */
export async function pendingMigrations(target: MigrationTarget): Promise<number> {
  const postgrator = postgratorFor(target);
  const { rows } = await target.run(`select to_regclass('schema_migration') is not null as present`);
  const present = (rows[0] as { present: boolean } | undefined)?.present ?? false;
  const current = present ? await postgrator.getDatabaseVersion() : 0;
  return (await postgrator.getMaxVersion()) - current;
}

function postgratorFor(target: MigrationTarget): Postgrator {
  return new Postgrator({
    migrationPattern: fileURLToPath(new URL('migrations/*.sql', packageRoot)),
    driver: 'pg',
    schemaTable: 'schema_migration',
    validateChecksums: true,
    newline: 'LF',
    execQuery: (query) => target.run(query),
    execSqlScript: async (script) => {
      await target.run(script);
    },
  });
}
