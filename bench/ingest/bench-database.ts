import pg from 'pg';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import type { RunningPostgres } from './stacks/stack.ts';
import type { StartedParts, Stop } from './started-parts.ts';
import { METERS, serialOf } from './workload.ts';

/** A fresh database with the fleet on its books, for one run. */
export interface BenchDatabase {
  readonly url: string;
  readonly firstMeterId: number;
  /** A connection of the benchmark's own, to look in from outside. */
  readonly client: pg.Client;
  readonly drop: Stop;
}

const TEMPLATE = 'bench_template';
const TIME_ZONE = 'Asia/Shanghai';

/** Makes the database that every run starts with a copy of: the schema, and 10,000 homes with a meter each. */
export async function makeTemplate({ url }: RunningPostgres): Promise<void> {
  await administer(url, `create database ${TEMPLATE}`);
  const pool = createPool(new Secret(databaseUrl(url, TEMPLATE)), 2, createLogger('warn'));
  try {
    await migrate(pool, TIME_ZONE);
    await pool.query(`insert into community (code, name, level) values ('bench', 'bench', 'city')`);
    await pool.query(
      `insert into household (code, community_id, tier, time_zone, monitored_from)
       select 'B' || n, (select id from community), 2, '${TIME_ZONE}', '2020-01-01' from generate_series(1, ${METERS}) n`,
    );
    await pool.query('insert into meter (serial) select * from unnest($1::text[])', [
      Array.from({ length: METERS }, (_, meter) => serialOf(meter)),
    ]);
    await pool.query(
      `insert into meter_binding (meter_id, household_id, bound_from)
       select meter.id, household.id, monitored_from
       from (select id, row_number() over (order by id) as n from meter) meter
       join household on household.code = 'B' || n`,
    );
    await pool.query('vacuum analyze');
  } finally {
    await pool.end();
  }
}

/** Copies the template. What the copying left to write is written before anything is measured. */
export async function makeDatabase({ url }: RunningPostgres, started: StartedParts): Promise<BenchDatabase> {
  const name = 'bench_run';
  await administer(url, `drop database if exists ${name} with (force)`, `create database ${name} template ${TEMPLATE}`);
  const client = new pg.Client({ connectionString: databaseUrl(url, name) });
  await client.connect();
  const drop = started.keep(async () => {
    await client.end();
    await administer(url, `drop database if exists ${name} with (force)`);
  });
  await client.query('checkpoint');
  return { url: databaseUrl(url, name), firstMeterId: await firstMeterId(client), client, drop };
}

/** The ids of the fleet follow each other, so the first one tells them all. */
async function firstMeterId(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ first: string; last: string }>(
    'select min(id) as first, max(id) as last from meter',
  );
  const [first, last] = [Number(rows[0]?.first), Number(rows[0]?.last)];
  if (last - first !== METERS - 1) throw new Error('the ids of the fleet have gaps');
  return first;
}

async function administer(url: string, ...statements: string[]): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
