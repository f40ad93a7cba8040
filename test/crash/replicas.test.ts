import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/domain/time.ts';
import { createLogger } from '../../src/core/logger.ts';
import { alertStories, START } from '../support/alert-stories.ts';
import { useDatabase } from '../support/database.ts';
import { byForm } from '../support/long-form.ts';
import { useBuiltProgram } from '../support/program.ts';
import { type Replica, startNetwork, startReplica, type TelephoneNetwork } from '../support/replicas.ts';
import type { Home } from '../support/town.ts';

const TICKS = byForm({ long: 1_000, short: 60 });
const CROWDS = byForm({ long: [2, 3, 5], short: [3] });
const HOMES = byForm({ long: 20, short: 4 });
const TICK_MS = 5 * MINUTE_MS;
/** By then one alert is left, and its desk is asked: the one text that is under way when its sender freezes. */
const FREEZE_AT_TICK = 51;
/** Much longer than a lease. */
const FROZEN_FOR_TICKS = 5;

const database = useDatabase();
useBuiltProgram();
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const tickAt = (tick: number) => new Date(START.getTime() + tick * TICK_MS);

/** What people of a town went through: who got which text at which tick, by the names the story calls them. */
async function live(howMany: number, freeze: boolean): Promise<string[]> {
  const network = await startNetwork();
  stops.push(() => network.close());
  const names = Array.from({ length: howMany }, (_, i) => `replica ${i + 1}`);
  const url = database.url.reveal();
  const replicas = await Promise.all(names.map((name) => startReplica(name, url, network.url)));
  stops.push(...replicas.map((replica) => () => replica.stop()));

  const story = alertStories(database, createLogger('silent'));
  const homes: Home[] = [];
  for (let i = 0; i < HOMES; i += 1) homes.push(await story.home());
  let frozen: { replica: Replica; tick: Promise<void> } | undefined;
  for (let tick = 0; tick < TICKS; tick += 1) {
    story.clock.advanceTo(tickAt(tick));
    network.setTime(tickAt(tick));
    await happenings(story, homes, tick);
    if (freeze && tick === FREEZE_AT_TICK) frozen = await freezeInMidSend(network, replicas, tickAt(tick));
    const awake = replicas.filter((replica) => replica !== frozen?.replica);
    await Promise.all(awake.map((replica) => replica.tick(tickAt(tick))));
    if (frozen && tick === FREEZE_AT_TICK + FROZEN_FOR_TICKS) {
      frozen.replica.signal('SIGCONT');
      await frozen.tick;
      frozen = undefined;
    }
  }
  return told(network, homes);
}

/** Alerts begin at different times; some are answered early, some late, and one never. */
async function happenings(story: ReturnType<typeof alertStories>, homes: readonly Home[], tick: number): Promise<void> {
  for (const [i, home] of homes.entries()) {
    if (tick === i) await story.raise(home);
    if (i > 0 && i % 3 === 0 && tick === i + 20) await story.answer(home, 'supervisor', 'false_alarm');
    if (i % 3 === 1 && tick === i + 8) await story.answer(home, 'neighbour', 'safe');
    if (i % 3 === 2 && tick === i + 4) await story.answer(home, 'daughter', 'needs_help');
    if (i % 3 === 2 && tick === i + 30) await story.answer(home, 'desk', 'safe');
  }
}

/**
 * One replica is stopped by SIGSTOP when the network has taken its text and it has not heard so: its lease runs out
 * while the others go on. The request is answered after it wakes.
 */
function freezeInMidSend(network: TelephoneNetwork, replicas: readonly Replica[], at: Date) {
  const [sleepy] = replicas;
  if (!sleepy) throw new Error('there is nobody to freeze');
  return new Promise<{ replica: Replica; tick: Promise<void> }>((asleep) => {
    let tick: Promise<void> = Promise.resolve();
    network.onText((from) => {
      if (from !== sleepy.name) return;
      network.onText(() => undefined);
      sleepy.signal('SIGSTOP');
      // Handed over in an object: a promise that is resolved with a promise would wait for it.
      asleep({ replica: sleepy, tick });
    });
    tick = sleepy.tick(at);
  });
}

function told(network: TelephoneNetwork, homes: readonly Home[]): string[] {
  const whose = new Map(
    homes.flatMap((home, i) => Object.entries(home.people).map(([name, { phone }]) => [phone, `home ${i}'s ${name}`])),
  );
  return network.texts
    .map(({ to, intent, at }) => `${at.toISOString()} ${whose.get(to) ?? 'a stranger'}: ${intent}`)
    .toSorted();
}

describe('several replicas', () => {
  let alone: string[] | undefined;
  it.each(CROWDS)('(%i, one of them frozen in the middle of a text and woken) text as one does', async (howMany) => {
    alone ??= await live(1, false);
    expect(alone.length).toBeGreaterThan(HOMES * 5);
    await closeAll();
    expect(await live(howMany, true)).toEqual(alone);
    await closeAll();
  });
});

/** What is still open would go on in the next town's time. */
async function closeAll(): Promise<void> {
  await database.pool.query(
    `update alert set state = 'closed', closed_at = $1, close_outcome = 'safe', next_step_at = null, claimed_by = null,
       claimed_at = null where state <> 'closed'`,
    [START],
  );
  await database.pool.query(
    `update outbox set state = 'muted', lease_until = null where state in ('waiting', 'sending')`,
  );
}
