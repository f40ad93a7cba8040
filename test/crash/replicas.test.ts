import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { recordVerification } from '../../src/alerts/record-verification.ts';
import { createLogger } from '../../src/core/logger.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { alertStories, EVERYBODY, START } from '../support/alert-stories.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { byForm } from '../support/long-form.ts';
import { useBuiltProgram } from '../support/program.ts';
import { storeForTest } from '../support/readings.ts';
import { type Replica, startNetwork, startReplica, type TelephoneNetwork } from '../support/replicas.ts';
import { type Home, townIn } from '../support/town.ts';

/** Where one of so many freezes while it judges: what was found is not raised yet, or what was raised not reviewed. */
const FREEZING_POINTS = { 2: 'detect.raised', 3: 'detect.found', 5: 'detect.raised' } as const;
const CROWDS: readonly (keyof typeof FREEZING_POINTS)[] = byForm({ long: [2, 3, 5], short: [3] });
const TIME_MS = byForm({ long: 60 * MINUTE_MS, short: 5 * MINUTE_MS });

useBuiltProgram();
const log = createLogger('silent');
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

interface Frozen {
  readonly replica: Replica;
  readonly tick: Promise<void>;
  readonly wakeAtTick: number;
}

/** A town as its replicas see it: what happens in each tick, and how one of them freezes. */
interface Story {
  readonly ticks: number;
  readonly tickMs: number;
  readonly homes: readonly Home[];
  readonly judges: boolean;
  readonly happens: (tick: number, at: Date) => Promise<void>;
  readonly freezeAtTick: number;
  /** Has the first of them begin its tick and freeze in the middle of it. */
  readonly freeze: (sleepy: Replica, network: TelephoneNetwork, at: Date) => Promise<Promise<void>[]>;
}

/** Much longer than a lease. */
const FROZEN_FOR_TICKS = 5;
/** A replica that freezes holds what it leased: within the same tick the others come once more when its lease is over. */
const LEASES_ARE_OVER_MS = 2 * MINUTE_MS;

/**
 * What people of a town went through: who got which text at which tick, by the names the story calls them. Each time in
 * a database of its own: what is there of another time of the same hours would be of the future.
 */
async function live(howMany: number, tell: (database: TestDatabase) => Promise<Story>): Promise<string[]> {
  const database = await makeDatabase();
  stops.push(database.drop);
  const story = await tell(database);
  const network = await startNetwork();
  stops.push(() => network.close());
  const names = Array.from({ length: howMany }, (_, i) => `replica ${i + 1}`);
  const url = database.url.reveal();
  const replicas = await Promise.all(names.map((name) => startReplica(name, url, network.url)));
  stops.push(...replicas.map((replica) => () => replica.stop()));
  const [first] = replicas;
  let frozen: Frozen | undefined;
  for (let tick = 0; tick < story.ticks; tick += 1) {
    const at = new Date(START.getTime() + tick * story.tickMs);
    network.setTime(at);
    await story.happens(tick, at);
    if (howMany > 1 && first && tick === story.freezeAtTick) {
      const [ticking] = await story.freeze(first, network, at);
      frozen = ticking && { replica: first, tick: ticking, wakeAtTick: tick + FROZEN_FOR_TICKS };
    }
    const awake = replicas.filter((replica) => replica !== frozen?.replica);
    await tickTogether(awake, story, at);
    if (tick === story.freezeAtTick) await tickTogether(awake, story, new Date(at.getTime() + LEASES_ARE_OVER_MS));
    if (frozen?.wakeAtTick === tick) {
      frozen.replica.signal('SIGCONT');
      await frozen.tick;
      frozen = undefined;
    }
  }
  const texts = told(network, story.homes);
  for (const stop of stops.splice(0).toReversed()) await stop();
  return texts;
}

/**
 * First all judge, then all escalate and send. Whether water is seen to be back a moment before or after somebody is asked
 * makes a difference to what they are told, in one process as in several, and here both come at the same moment.
 */
async function tickTogether(replicas: readonly Replica[], { judges }: Story, at: Date): Promise<void> {
  if (judges) await Promise.all(replicas.map((replica) => replica.tick(at, { judges, sends: false })));
  await Promise.all(replicas.map((replica) => replica.tick(at)));
}

function told(network: TelephoneNetwork, homes: readonly Home[]): string[] {
  const whose = new Map(
    homes.flatMap((home, i) => Object.entries(home.people).map(([name, { phone }]) => [phone, `home ${i}'s ${name}`])),
  );
  return network.texts
    .map(({ to, intent, at }) => `${at.toISOString()} ${whose.get(to) ?? 'a stranger'}: ${intent}`)
    .toSorted();
}

/** Alerts begin at different times; some are answered early, some late, and one never. */
async function alertsOfATown(database: TestDatabase): Promise<Story> {
  const story = alertStories(database, log);
  const homes: Home[] = [];
  for (let i = 0; i < byForm({ long: 20, short: 6 }); i += 1) homes.push(await story.home());
  return {
    homes,
    judges: false,
    ticks: byForm({ long: 1_000, short: 60 }),
    tickMs: 5 * MINUTE_MS,
    freezeAtTick: 5,
    freeze: freezeWithSeveralOnTheirWay,
    async happens(tick, at) {
      story.clock.advanceTo(at);
      for (const [i, home] of homes.entries()) {
        if (tick === i) await story.raise(home);
        if (i > 0 && i % 3 === 0 && tick === i + 20) await story.answer(home, 'supervisor', 'false_alarm');
        if (i % 3 === 1 && tick === i + 8) await story.answer(home, 'neighbour', 'safe');
        if (i % 3 === 2 && tick === i + 4) await story.answer(home, 'daughter', 'needs_help');
        if (i % 3 === 2 && tick === i + 30) await story.answer(home, 'desk', 'safe');
      }
    },
  };
}

/** Stopped when the network has taken several texts of it and it has heard of none. They are answered after it wakes. */
function freezeWithSeveralOnTheirWay(sleepy: Replica, network: TelephoneNetwork, at: Date): Promise<Promise<void>[]> {
  return new Promise((asleep, failed) => {
    let onTheirWay = 0;
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    network.onText(async (from) => {
      if (from !== sleepy.name) return;
      onTheirWay += 1;
      if (onTheirWay === 1) void stopOnceAllAreOut();
      await answered;
    });
    const tick = sleepy.tick(at);
    async function stopOnceAllAreOut() {
      await quietAfter(() => onTheirWay);
      sleepy.signal('SIGSTOP');
      await sleepy.isFrozen();
      network.onText(() => undefined);
      answer();
      if (onTheirWay < 3) failed(new Error(`only ${onTheirWay} texts were on their way`));
      // In an array: a promise that is resolved with a promise would wait for it.
      asleep([tick]);
    }
  });
}

async function quietAfter(count: () => number): Promise<void> {
  for (let before = 0; before !== count();) {
    before = count();
    await setTimeout(300);
  }
}

/** Meters report every hour; some homes go still, in some a tap runs on; a neighbour answers three hours later. */
async function metersOfATown(database: TestDatabase, freezeAt: string): Promise<Story> {
  const town = townIn(() => database.pool);
  const homes: Home[] = [];
  for (let i = 0; i < 6; i += 1) {
    homes.push(await town.home({ code: `T-${i}`, monitoredFrom: START, people: EVERYBODY }));
  }
  const registers = homes.map(() => 10_000);
  return {
    homes,
    judges: true,
    ticks: byForm({ long: 1_000, short: 48 }),
    tickMs: HOUR_MS,
    freezeAtTick: STILL.fromHour + 23,
    freeze: async (sleepy, _network, at) => {
      const tick = sleepy.tick(at, { judges: true, freezeAt });
      await sleepy.isFrozen();
      return [tick];
    },
    async happens(tick, at) {
      for (const [i, home] of homes.entries()) {
        registers[i] = (registers[i] ?? 0) + litresIn(i, tick);
        await storeForTest(database.pool, home, [{ at, indexLitres: registers[i] ?? 0 }], at);
        await answerLate(database, home, at);
      }
    },
  };
}
const STILL = { fromHour: 12, untilHour: 44 };

/** Every ten days the same: homes 1 and 4 go still, in homes 2 and 5 a tap runs on, in the others people live. */
function litresIn(home: number, hour: number): number {
  const inStory = hour % 240;
  if (home % 3 === 1 && inStory >= STILL.fromHour && inStory < STILL.untilHour) return 0;
  if (home % 3 === 2 && inStory >= 30 && inStory < 34) return 250;
  return hour % 24 < 16 ? 9 : 0;
}

async function answerLate(database: TestDatabase, home: Home, at: Date): Promise<void> {
  const { rows } = await database.pool.query<{ id: number }>(
    `select id from alert where household_id = $1 and state <> 'closed'
       and date_trunc('hour', opened_at) <= $2::timestamptz - interval '3 hours'`,
    [home.id, at],
  );
  for (const { id: alertId } of rows) {
    const clock = { now: () => at };
    const answer = { alertId, personId: home.people['neighbour']!.id, outcome: 'safe', method: 'in_person' } as const;
    await recordVerification({ pool: database.pool, clock, log }, { ...answer, note: '' });
  }
}

describe('several replicas', () => {
  let alone: string[] | undefined;
  it.each(CROWDS)(
    '(%i, one of them frozen with several texts on their way and woken past its lease) text as one does',
    async (howMany) => {
      alone ??= await live(1, alertsOfATown);
      expect(alone.length).toBeGreaterThan(30);
      expect(await live(howMany, alertsOfATown)).toEqual(alone);
    },
    TIME_MS,
  );

  let judgedAlone: string[] | undefined;
  it.each(CROWDS.map((howMany) => ({ howMany, freezeAt: FREEZING_POINTS[howMany] })))(
    '($howMany, one of them frozen while it judges, at $freezeAt, and woken past its lease) find and text as one does',
    async ({ howMany, freezeAt }) => {
      const town = (database: TestDatabase) => metersOfATown(database, freezeAt);
      judgedAlone ??= await live(1, town);
      expect(judgedAlone.length).toBeGreaterThan(10);
      expect(await live(howMany, town)).toEqual(judgedAlone);
    },
    TIME_MS,
  );
});
