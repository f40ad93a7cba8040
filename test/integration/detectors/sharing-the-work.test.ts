import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { runDetectors } from '../../../src/detectors/run-detectors.ts';
import { DEFAULT_AREA_POLICY } from '../../../src/domain/area/area-policy.ts';
import { useDatabase } from '../../support/database.ts';
import { watchedPool } from '../../support/failing-pool.ts';
import { byForm } from '../../support/long-form.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const silent = createLogger('silent');
const street = watchedHomes(database, { log: silent });
const HOURS = 40;
/** The stories of this file happen all at once: their alerts do not queue for each other. */
const areas = { ...DEFAULT_AREA_POLICY, queueHours: { 1: 0, 2: 0, 3: 0 } };

beforeEach(() => street.restart());

const awake = [...each(16, 9), ...each(8, 0)];
/** People live as usual, go still, leave a tap running, or their meter falls silent. */
const lives = [[...awake, ...awake], [...each(10, 9), ...each(30, 0)], [...each(20, 9), ...each(20, 250)], each(8, 9)];
const readingsOf = (i: number) => hourlyReadings(START, lives[i % lives.length] ?? []);

/** What was found and done at these homes, without the numbers that differ from one home to the next. */
async function outcomeOf(homes: readonly Home[]) {
  const ask = async (text: string) =>
    (await database.pool.query(text, [homes.map(({ id }) => id)])).rows as Record<string, unknown>[];
  return {
    findings: await ask(
      `select array_position($1::bigint[], household_id) as home, detector, began_at, ended_at, withdrawn_at is null as stands
       from finding where household_id = any ($1) order by 1, 2, 3`,
    ),
    alerts: await ask(
      `select array_position($1::bigint[], household_id) as home, state, severity, detector, recovered_at is null as holds
       from alert where household_id = any ($1) order by 1`,
    ),
    events: await ask(
      `select array_position($1::bigint[], household_id) as home, type, count(*) from alert_event
       join alert on alert.id = alert_id where household_id = any ($1) group by 1, 2 order by 1, 2`,
    ),
    texts: await ask(
      `select array_position($1::bigint[], household_id) as home, intent, count(*) from outbox
       join alert on alert.id = alert_id where household_id = any ($1) group by 1, 2 order by 1, 2`,
    ),
    tickets: await ask(
      `select array_position($1::bigint[], household_id) as home, kind from ticket where household_id = any ($1) order by 1`,
    ),
    watched: await ask(
      `select array_position($1::bigint[], household_id) as home, verdict, last_read_at, last_use_at from home_watch
       where household_id = any ($1) order by 1`,
    ),
  };
}

/** A process that judges. It can be made to freeze before a statement of its choice, or to die there. */
function judgeProcess() {
  let left = Infinity;
  let stop: () => Promise<void> | void = () => undefined;
  const pool = watchedPool(database.pool, () => {
    left -= 1;
    return left <= 0 ? stop() : undefined;
  });
  const run = () => runDetectors({ ...street.deps(), areas, pool });
  return {
    run,
    /** Runs and dies before its n-th statement. Returns whether the run was over before that. */
    async dieBefore(statement: number): Promise<boolean> {
      left = statement;
      stop = () => {
        throw new Error('dead');
      };
      return run().then(
        () => true,
        () => false,
      );
    },
    /** Runs and freezes before its n-th statement, if it comes so far. */
    async freezeBefore(statement: number): Promise<{ isOver: boolean; wake: () => Promise<unknown> }> {
      left = statement;
      let wake: () => void = () => undefined;
      const isFrozen = new Promise<false>((resolve) => {
        stop = () => {
          left = Infinity;
          resolve(false);
          return new Promise<void>((goOn) => (wake = goOn));
        };
      });
      const running = run();
      const isOver = await Promise.race([isFrozen, running.then(() => true)]);
      return {
        isOver,
        wake: () => {
          wake();
          return running;
        },
      };
    },
  };
}

/** What the meters of a street reported between two hours comes in. */
async function hoursCome(homes: readonly Home[], from: number, to: number): Promise<void> {
  for (const [i, home] of homes.entries()) await street.store(home, readingsOf(i).slice(from, to), to);
}

/** Time passes in which a process that does nothing loses what it has taken. */
const leasesRunOut = (minutes: number) => street.restart(afterHours(HOURS + minutes / 60));

describe('several processes that judge', () => {
  const count = byForm({ short: 9, long: 60 });

  it.each([2, 3, 5])('find and do together what one alone does (%i of them)', async (processes) => {
    const judges = Array.from({ length: processes }, judgeProcess);
    const expected = await judgedBy(judges.slice(0, 1), count);

    expect(expected.alerts).toHaveLength(homesThatAlarm(count));
    expect(await judgedBy(judges, count)).toEqual(expected);
  });
});

describe('a process that stops in the middle of a run, wherever that is', () => {
  const step = byForm({ short: 5, long: 1 });

  it('is relieved by another when it dies, and nothing is done twice or left out', async () => {
    const expected = await judgedAtOnce();
    let isOver = false;
    for (let statement = 1; !isOver; statement += step) {
      const homes = await streetWithNews();
      isOver = await judgeProcess().dieBefore(statement);
      leasesRunOut(2);
      await judgeProcess().run();
      expect(await outcomeOf(homes), `died before statement ${statement}`).toEqual(expected);
    }
  });

  it('writes nothing more when it froze and wakes after another has taken over', async () => {
    const expected = await judgedAtOnce();
    let isOver = false;
    for (let statement = 1; !isOver; statement += step) {
      const homes = await streetWithNews();
      const frozen = await judgeProcess().freezeBefore(statement);
      isOver = frozen.isOver;
      leasesRunOut(2);
      await judgeProcess().run();
      await frozen.wake();
      await judgeProcess().run();
      expect(await outcomeOf(homes), `froze before statement ${statement}`).toEqual(expected);
    }
  });
});

/** Of every four homes, the one that went still and the one with the tap left running. */
const homesThatAlarm = (count: number) =>
  Array.from({ length: count }, (_, i) => i % lives.length).filter((life) => life === 1 || life === 2).length;

/** A new story in which the homes of earlier ones play no part. */
async function newStreet(count: number): Promise<Home[]> {
  street.restart();
  await database.pool.query('truncate judge_note, ingest_batch');
  await database.pool.query(`update household set monitored_until = monitored_from + interval '1 minute'`);
  const homes: Home[] = [];
  for (let i = 0; i < count; i += 1) homes.push(await street.home());
  return homes;
}

/** What came of a street of which hour after hour is judged by so many processes at once. */
async function judgedBy(judges: readonly ReturnType<typeof judgeProcess>[], count: number) {
  const homes = await newStreet(count);
  for (let hour = 0; hour < HOURS; hour += 2) {
    await hoursCome(homes, hour, hour + 2);
    await Promise.all(judges.map((judge) => judge.run()));
  }
  return outcomeOf(homes);
}

async function streetWithNews(): Promise<Home[]> {
  const homes = await newStreet(lives.length);
  await hoursCome(homes, 0, HOURS);
  return homes;
}

async function judgedAtOnce() {
  const homes = await streetWithNews();
  await street.run(HOURS, { areas });
  return outcomeOf(homes);
}
