import type { AlertDeps } from '../src/alerts/alert-deps.ts';
import { handTurnedClock } from '../src/core/clock.ts';
import { runDetectors } from '../src/detectors/run-detectors.ts';
import { tierPolicies } from '../src/detectors/tier-policy.ts';
import type { DbPool } from '../src/db/sql.ts';
import { type Comparison, inTurns } from './measure.ts';

const HOMES = 2_000;
const DAYS = 30;
const NOW = new Date('2026-03-01T00:00:00Z');

/** The plain 24 h rule for all homes in one statement: the least that any detector run must read. */
const PLAIN_RULE = `
  select meter_id, max(index_l) - min(index_l) as litres from register_reading
  where read_at > $1::timestamptz - interval '24 hours' and read_at <= $1 group by meter_id
`;

/** A run over all homes after an hour's readings, and after a month's, beside the plain rule in SQL. */
export async function benchDetectors({ pool, log }: AlertDeps): Promise<Comparison[]> {
  await settle(pool);
  const deps = { pool, log, clock: handTurnedClock(NOW), policies: tierPolicies() };
  const run = (since: string) => async () => {
    await pool.query(
      `insert into ingest_batch (received_at, meter_ids, first_read_at)
       select $1, array_agg(id), array_agg($1::timestamptz - $2::interval) from meter`,
      [NOW, since],
    );
    await runDetectors(deps);
  };
  const plain = () => pool.query(PLAIN_RULE, [NOW]);
  const named = { unit: 'homes', ours: 'all detectors, findings, watch list', baseline: 'plain 24 h rule in SQL' };
  return [
    {
      path: `detector run, ${HOMES} homes, the last hour is new`,
      ...named,
      ...(await inTurns(HOMES, run('1 hour'), plain)),
    },
    {
      path: `detector run, ${HOMES} homes, ${DAYS} days are new`,
      ...named,
      ...(await inTurns(HOMES, run(`${DAYS} days`), plain)),
    },
  ];
}

/** A town of ordinary homes, each with a month of hourly readings: 12 L in each hour but for eight dry ones a night. */
async function settle(pool: DbPool): Promise<void> {
  await pool.query(`insert into community (code, name, level) values ('bench', 'bench', 'city')`);
  await pool.query(
    `insert into household (code, community_id, tier, time_zone, monitored_from)
     select 'B' || n, (select id from community), 2, 'Asia/Shanghai', $1::timestamptz - interval '${DAYS} days'
     from generate_series(1, ${HOMES}) n`,
    [NOW],
  );
  await pool.query(`insert into meter (serial) select 'B-' || n from generate_series(1, ${HOMES}) n`);
  await pool.query(
    `insert into meter_binding (meter_id, household_id, bound_from)
     select meter.id, household.id, monitored_from from meter join household on household.code = replace(serial, '-', '')`,
  );
  await pool.query(
    `insert into register_reading (meter_id, read_at, index_l, received_at)
     select meter.id, $1::timestamptz - make_interval(hours => hour), 
            100000 - hour / 24 * 192 - greatest(0, hour % 24 - 8) * 12, $1
     from meter cross join generate_series(0, ${DAYS * 24}) hour`,
    [NOW],
  );
  await pool.query('analyze');
}
