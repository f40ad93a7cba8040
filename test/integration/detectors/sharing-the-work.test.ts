import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { runDetectors } from '../../../src/detectors/run-detectors.ts';
import { useDatabase } from '../../support/database.ts';
import { watchedPool } from '../../support/failing-pool.ts';
import { byForm } from '../../support/long-form.ts';
import { homesThatAlarm, STORY_HOURS, STREET_AREAS, streetStories } from '../../support/street-stories.ts';
import { afterHours, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const silent = createLogger('silent');
const street = watchedHomes(database, { log: silent });
const { newStreet, streetWithNews, hoursCome, outcomeOf } = streetStories(database, street);

beforeEach(() => street.restart());

/** A process that judges. It can be made to freeze before a statement of its choice, or to die there. */
function judgeProcess() {
  let left = Infinity;
  let stop: () => Promise<void> | void = () => undefined;
  const pool = watchedPool(database.pool, () => {
    left -= 1;
    return left <= 0 ? stop() : undefined;
  });
  const run = () => runDetectors({ ...street.deps(), areas: STREET_AREAS, pool });
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

/** Time passes in which a process that does nothing loses what it has taken. */
const leasesRunOut = (atHour = STORY_HOURS) => street.restart(afterHours(atHour + LEASE_HOURS));
/** Two minutes: twice as long as a lease. */
const LEASE_HOURS = 2 / 60;

describe('several processes that judge', () => {
  const count = byForm({ short: 9, long: 12 });
  /** 20 rounds, or a thousand. */
  const times = byForm({ short: 1, long: 50 });

  it.each([2, 3, 5])(
    'find and do together what one alone does, though one freezes now and then past its lease (%i of them)',
    async (processes) => {
      const judges = Array.from({ length: processes }, judgeProcess);
      const expected = await judgedBy(judges.slice(0, 1), { count, times });

      expect(expected.alerts.length).toBeGreaterThanOrEqual(homesThatAlarm(count));
      expect(await judgedBy(judges, { count, times, freezes: true })).toEqual(expected);
    },
    byForm({ short: 60_000, long: 3_600_000 }),
  );
});

describe('a process that stops in the middle of a run, wherever that is', () => {
  const step = byForm({ short: 5, long: 1 });

  it('is relieved by another when it dies, and nothing is done twice or left out', async () => {
    const expected = await judgedAtOnce();
    let isOver = false;
    for (let statement = 1; !isOver; statement += step) {
      const homes = await streetWithNews();
      isOver = await judgeProcess().dieBefore(statement);
      leasesRunOut();
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
      leasesRunOut();
      await judgeProcess().run();
      await frozen.wake();
      await judgeProcess().run();
      expect(await outcomeOf(homes), `froze before statement ${statement}`).toEqual(expected);
    }
  });
});

interface Rounds {
  readonly count: number;
  /** How often the stories are lived. */
  readonly times: number;
  /** Whether the first process freezes in every seventh round, and wakes after others have taken over. */
  readonly freezes?: boolean;
}

/** What came of a street of which every two hours are judged by so many processes at once. */
async function judgedBy(judges: readonly ReturnType<typeof judgeProcess>[], { count, times, freezes }: Rounds) {
  const homes = await newStreet(count);
  for (let hour = 0; hour < STORY_HOURS * times; hour += 2) {
    await hoursCome(homes, hour, hour + 2, times);
    const [first, ...others] = judges;
    const isToFreeze = freezes === true && (hour / 2) % 7 === 3;
    const frozen = isToFreeze ? await first?.freezeBefore(1 + ((hour / 2) % 23)) : undefined;
    await Promise.all((frozen ? others : judges).map((judge) => judge.run()));
    // With the lease over, what the frozen one held is judged by the others; what it does on waking changes nothing.
    leasesRunOut(hour + 2);
    if (frozen) {
      await Promise.all(others.map((judge) => judge.run()));
      await frozen.wake();
    }
    await Promise.all(judges.map((judge) => judge.run()));
  }
  return outcomeOf(homes);
}

async function judgedAtOnce() {
  const homes = await streetWithNews();
  await street.run(STORY_HOURS, { areas: STREET_AREAS });
  return outcomeOf(homes);
}
