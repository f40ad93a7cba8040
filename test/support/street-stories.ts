import { DEFAULT_AREA_POLICY } from '../../src/domain/area/area-policy.ts';
import type { TestDatabase } from './database.ts';
import { hourlyReadings } from './readings.ts';
import type { Home } from './town.ts';
import { each, START, type watchedHomes } from './watched-homes.ts';

/** The stories of a street happen all at once: their alerts do not queue for each other. */
export const STREET_AREAS = { ...DEFAULT_AREA_POLICY, queueHours: { 1: 0, 2: 0, 3: 0 } };
/** For so many hours each story goes on. */
export const STORY_HOURS = 40;

/** So late that no home is looked at again before its story ends unless something comes. */
const FIRST_LOOK_AT = 20;
const awake = [...each(16, 9), ...each(8, 0)];
/** People live as usual, go still, leave a tap running, or their meter falls silent. */
const lives = [[...awake, ...awake], [...each(10, 9), ...each(30, 0)], [...each(20, 9), ...each(20, 250)], each(8, 9)];

/** Of every four homes, the one that went still and the one with the tap left running. */
export const homesThatAlarm = (count: number) =>
  Array.from({ length: count }, (_, i) => i % lives.length).filter((life) => life === 1 || life === 2).length;

/** Streets in which every fourth home lives the same story, and what came of it. */
export function streetStories(database: TestDatabase, street: ReturnType<typeof watchedHomes>) {
  /** A new story in which the homes of earlier ones play no part. */
  async function newStreet(count: number = lives.length): Promise<Home[]> {
    street.restart();
    await database.pool.query('truncate judge_note, ingest_batch');
    await database.pool.query('update detector_shard set leased_until = null');
    await database.pool.query(`update household set monitored_until = monitored_from + interval '1 minute'`);
    const homes: Home[] = [];
    for (let i = 0; i < count; i += 1) homes.push(await street.home());
    return homes;
  }

  /** What the meters report between two hours comes in; after a story's end it begins again, so many times. */
  async function hoursCome(homes: readonly Home[], from: number, to: number, times = 1): Promise<void> {
    for (const [i, home] of homes.entries()) {
      const life = lives[i % lives.length] ?? [];
      const litres = Array.from({ length: times }, () => life).flat();
      await street.store(home, hourlyReadings(START, litres).slice(from, to), to);
    }
  }

  return {
    newStreet,
    hoursCome,
    /** A street whose homes are known, and of which more has come in that nobody has looked at. */
    streetWithMoreNews: async (): Promise<Home[]> => {
      const homes = await newStreet();
      await hoursCome(homes, 0, FIRST_LOOK_AT);
      await street.run(FIRST_LOOK_AT, { areas: STREET_AREAS });
      await hoursCome(homes, FIRST_LOOK_AT, STORY_HOURS);
      return homes;
    },
    /** A street of which two days have come in that nobody has looked at. */
    streetWithNews: async (): Promise<Home[]> => {
      const homes = await newStreet();
      await hoursCome(homes, 0, STORY_HOURS);
      return homes;
    },
    /** What was found and done at these homes, without the numbers that differ from one home to the next. */
    outcomeOf: async (homes: readonly Home[]) => {
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
          `select array_position($1::bigint[], household_id) as home, kind from ticket where household_id = any ($1) order by 1, 2`,
        ),
        watched: await ask(
          `select array_position($1::bigint[], household_id) as home, verdict, last_read_at, last_use_at from home_watch
           where household_id = any ($1) order by 1`,
        ),
      };
    },
  };
}
