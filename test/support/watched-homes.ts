import { handTurnedClock, type HandTurnedClock } from '../../src/core/clock.ts';
import { createLogger, type Logger } from '../../src/core/logger.ts';
import type { DetectorDeps, RunSummary } from '../../src/detectors/detector-deps.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import type { TierPolicies } from '../../src/detectors/tier-policy.ts';
import type { TestDatabase } from './database.ts';
import { fixedRules } from './fixed-rules.ts';
import { type Reading, storeForTest } from './readings.ts';
import { type Home, type HomePlan, townIn } from './town.ts';

export const START = new Date('2026-03-01T00:00:00Z');

/** The moment so many hours after the homes came under watch. */
export function afterHours(hours: number): Date {
  return new Date(START.getTime() + hours * 3_600_000);
}

/** All the shards among which runs of the detectors divide the homes. */
export const SHARDS = Array.from({ length: 16 }, (_, shard) => shard);

/** So many hours of the same volume. */
export function each(hours: number, litres: number): number[] {
  return Array.from({ length: hours }, () => litres);
}

type Row = Record<string, unknown>;
const PEOPLE = { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } } as const;

/** Homes under watch on real storage: readings come, the detectors run, and what they made of it can be asked. */
export function watchedHomes(database: TestDatabase, options: { policies?: TierPolicies; log?: Logger } = {}) {
  const town = townIn(() => database.pool);
  const policies = options.policies ?? fixedRules();
  const log = options.log ?? createLogger('error');
  let clock: HandTurnedClock = handTurnedClock(START);
  let homes = 0;

  const deps = (): DetectorDeps => ({ pool: database.pool, clock, log, policies });
  const rows = async (statement: string, home: Home): Promise<Row[]> =>
    (await database.pool.query<Row>(statement, [home.id])).rows;

  const store = (home: Home, readings: readonly Reading[], atHour: number) => {
    clock.advanceTo(afterHours(atHour));
    return storeForTest(database.pool, home, readings, clock.now());
  };

  return {
    deps,
    rows,
    /** Puts the clock back to the beginning, or to another moment: a new story begins. */
    restart: (at = START) => {
      clock = handTurnedClock(at);
    },
    home: (plan: Partial<HomePlan> = {}): Promise<Home> =>
      town.home({ code: `W${(homes += 1)}`, monitoredFrom: START, people: PEOPLE, ...plan }),
    /** Readings come in at that hour; nothing looks at them yet. */
    store,
    /** It is so many hours after the start; the detectors run. */
    run: (atHour: number, more: Partial<DetectorDeps> = {}): Promise<RunSummary> => {
      clock.advanceTo(afterHours(atHour));
      return runDetectors({ ...deps(), ...more });
    },
    /** Readings come in at that hour, and the detectors run. */
    async arrive(home: Home, readings: readonly Reading[], atHour: number): Promise<RunSummary> {
      await store(home, readings, atHour);
      return this.run(atHour);
    },
    standingOf: (home: Home) =>
      rows(
        `select detector, began_at as began, ended_at as ended from finding
         where household_id = $1 and withdrawn_at is null order by detector, began_at, id`,
        home,
      ),
    alertsOf: (home: Home) =>
      rows(
        `select id, state, severity, detector, evidence, recovered_at, close_outcome from alert
         where household_id = $1 order by id`,
        home,
      ),
    watchOf: async (home: Home) => (await rows('select * from home_watch where household_id = $1', home))[0],
  };
}
