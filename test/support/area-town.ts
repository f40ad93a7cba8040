import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { watchAreas } from '../../src/detectors/areas/watch-areas.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { type AreaPolicy, DEFAULT_AREA_POLICY } from '../../src/domain/area/area-policy.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { logSmsGateway } from '../../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import type { TestDatabase } from './database.ts';

/** The morning of an ordinary Tuesday in Shanghai. */
export const MORNING = new Date('2026-03-03T00:00:00Z');

/** A home alarms after eight hours without water, so that a story is short. */
const EIGHT_HOURS = { windowHours: 8, floorLitres: 6, minCoverage: 0.9 };

/**
 * A town of many homes in one community, each with an hourly meter, put into the tables in a handful of statements. All
 * answer to one contact and one desk. Home number n has tier 1 + n mod 3.
 */
export function areaTown(database: TestDatabase, homes: number, areas: AreaPolicy = DEFAULT_AREA_POLICY) {
  const clock = handTurnedClock(MORNING);
  const log = createLogger('error');
  const gateway = logSmsGateway({ clock, log: createLogger('silent') });
  const rules = { lowUse: EIGHT_HOURS, inactivity: 'off' } as const;
  const deps = {
    pool: database.pool,
    clock,
    log,
    areas,
    policies: tierPolicies({ 1: rules, 2: rules, 3: rules }),
  };
  const query = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.pool.query(text, values)).rows as Row[];
  let told = 0;

  return {
    deps,
    query,
    clock,
    async settle(): Promise<void> {
      await query(`insert into community (code, name, level) values ('city', 'city', 'city')`);
      await query(
        `insert into community (code, name, level, parent_id) select 'town', 'town', 'town', id from community`,
      );
      await query(`insert into community (code, name, level, parent_id)
                   select 'lane', 'lane', 'community', id from community where code = 'town'`);
      await query(
        `insert into person (name, phone) values ('desk', '+8613900000001'), ('neighbour', '+8613900000002')`,
      );
      await query(`insert into community_staff (community_id, person_id, role, position)
                   select community.id, person.id, 'desk', 1 from community, person
                   where community.code = 'lane' and person.name = 'desk'`);
      await query(
        `insert into household (code, community_id, tier, time_zone, monitored_from)
         select 'A' || n, community.id, 1 + n % 3, 'Asia/Shanghai', $2 from community, generate_series(1, $1::int) n
         where community.code = 'lane' order by n`,
        [homes, new Date(MORNING.getTime() - 48 * HOUR_MS)],
      );
      await query(`insert into pairing (household_id, person_id, role, position)
                   select household.id, person.id, 'contact', 1 from household, person where person.name = 'neighbour'`);
      await query(`insert into meter (serial, gateway, dma) select 'M-' || code, 'G' || id % 10, 'D1' from household`);
      await query(`insert into meter_binding (meter_id, household_id, bound_from)
                   select meter.id, household.id, monitored_from from household join meter on serial = 'M-' || code`);
    },
    /**
     * The meters of the homes for which `who` (SQL on the home's number `n`) is true report each hour from `from` to
     * `until`, hours after the morning. `litres` (SQL on `n` and the hour `h`) is what the dial shows then.
     */
    async report(from: number, until: number, litres: string, who = 'true'): Promise<void> {
      await query(
        `insert into register_reading (meter_id, read_at, index_l, received_at)
         select meter_id, $1::timestamptz + h * interval '1 hour', ${litres}, $1::timestamptz + h * interval '1 hour'
         from (select meter.id as meter_id, substr(serial, 4)::int as n from meter) meter,
              generate_series($2::int, $3::int) h
         where ${who}`,
        [MORNING, from, until],
      );
      await query(
        `insert into ingest_batch (received_at, meter_ids, first_read_at)
         select $1, array_agg(meter_id), array_agg($1::timestamptz)
         from (select meter.id as meter_id, substr(serial, 4)::int as n from meter) meter where ${who}`,
        [new Date(MORNING.getTime() + from * HOUR_MS)],
      );
    },
    /** It is so many minutes after the morning: every job runs once. */
    async at(minutes: number): Promise<void> {
      clock.advanceTo(new Date(MORNING.getTime() + minutes * MINUTE_MS));
      await runDetectors(deps);
      await watchAreas(deps);
      await dispatchOutbox({ ...deps, gateway, publicBaseUrl: 'https://sw.example.org' });
    },
    /** The texts sent since the last look. */
    newTexts() {
      const fresh = gateway.texts().filter(({ n }) => n > told);
      told = gateway.texts().at(-1)?.n ?? told;
      return fresh.map(({ body }) => body);
    },
    /** The codes of the homes that have an alert, in the order in which they were opened. */
    alerts: async () =>
      (
        await query<{ code: string }>(
          `select household.code from alert join household on household.id = household_id order by alert.id`,
        )
      ).map(({ code }) => code),
    outages: () =>
      query<{ cause: string; scope_kind: string; homes: number; affected: number; ended_by: string | null }>(
        'select cause, scope_kind, homes, affected, ended_by from outage order by id',
      ),
    holds: () =>
      query<{ cause: string; released_as: string | null; count: number }>(
        'select cause, released_as, count(*) from alert_hold group by 1, 2 order by 1, 2',
      ),
  };
}
