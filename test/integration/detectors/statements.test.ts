import { describe, expect, it } from 'vitest';
import {
  linkFindingToAlert,
  moveFindings,
  reviewOpenAlerts,
  standingFindings,
  withdrawFindings,
} from '../../../src/db/findings.ts';
import { readMeterSeries } from '../../../src/db/home-series.ts';
import { homesDueForCheck, type HomeWatch, saveHomeWatches, setHomeAside } from '../../../src/db/home-watch.ts';
import { divideBatches, forgetNotes, homesOfNotes, pendingNotes } from '../../../src/db/judge-notes.ts';
import { closeSilentMeterTickets, openSilentMeterTickets } from '../../../src/db/tickets.ts';
import { LOCKS, withLock } from '../../../src/db/locks.ts';
import { createPool } from '../../../src/db/pool.ts';
import { createLogger } from '../../../src/core/logger.ts';
import type { Episode } from '../../../src/domain/alerting/finding.ts';
import { alertStories, LOW_USE, RUNNING } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import { removeMeter } from '../../support/meters.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, SHARDS, START, watchedHomes } from '../../support/watched-homes.ts';
import { keepFinding } from '../../support/keep-finding.ts';

const database = useDatabase();
const street = watchedHomes(database);

const episode = (began: number, ended?: number, evidence: Episode['evidence'] = LOW_USE): Episode => ({
  beganAtMs: afterHours(began).getTime(),
  endedAtMs: ended === undefined ? undefined : afterHours(ended).getTime(),
  evidence,
});
const keep = (home: Home, found: Episode) =>
  keepFinding(database.pool, { householdId: home.id, detector: 'low-use', detectorVersion: 1, episode: found }, START);
const rowOf = async (id: number) =>
  (await database.pool.query('select ended_at, evidence, withdrawn_at from finding where id = $1', [id]))
    .rows[0] as unknown;

describe('findings', () => {
  it('stand for a home from its own time on, in order, the withdrawn ones left out', async () => {
    const [one, other] = [await street.home(), await street.home()];
    const late = await keep(one, episode(20));
    const justStanding = await keep(one, episode(1, 10));
    await keep(one, episode(0, 9));
    await withdrawFindings(database.pool, [await keep(one, episode(15))], START);
    const earlier = await keep(other, episode(2, 5));
    const standing = await standingFindings(database.pool, [
      { householdId: one.id, since: afterHours(10) },
      { householdId: other.id, since: afterHours(5) },
    ]);

    expect(standing.map(({ id }) => id)).toEqual([justStanding, late, earlier]);
  });

  it('that begin at the same moment are one, and take over its end', async () => {
    const home = await street.home();
    const id = await keep(home, episode(3));

    expect(await keep(home, episode(3, 8))).toBe(id);
    expect(await rowOf(id)).toMatchObject({ ended_at: afterHours(8) });
  });

  it('move with their figures, are withdrawn one by one, and are tied to an alert once', async () => {
    const story = alertStories(database);
    const home = await story.home();
    const { alertId } = await story.raise(home);
    const [moved, other] = [await keep(home, episode(3)), await keep(home, episode(30))];
    await moveFindings(database.pool, [{ id: moved, episode: episode(4, 9, RUNNING) }]);
    await withdrawFindings(database.pool, [moved], afterHours(50));

    expect(await rowOf(moved)).toMatchObject({ evidence: RUNNING, withdrawn_at: afterHours(50) });
    expect(await rowOf(other)).toMatchObject({ withdrawn_at: null });
    expect(await linkFindingToAlert(database.pool, other, alertId)).toBe(true);
    expect(await linkFindingToAlert(database.pool, other, alertId)).toBe(false);
  });

  it('behind an open alert are counted, what still stands and what still holds, for the homes asked for alone', async () => {
    const story = alertStories(database);
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await story.raise(await story.home());
    const more = [await keep(home, episode(40, 41)), await keep(home, episode(42))];
    for (const id of more) await linkFindingToAlert(database.pool, id, alertId);
    await withdrawFindings(database.pool, [more[1]!], START);
    const expected = { alertId, standing: 2, open: 1, recovered: false };
    expect(await reviewOpenAlerts(database.pool, [home.id])).toEqual([expected]);

    await story.answer(home, 'son', 'safe');
    expect(await reviewOpenAlerts(database.pool, [home.id])).toEqual([]);
  });
});

describe('the watch list', () => {
  const watch = (home: Home, more: Partial<HomeWatch> = {}): HomeWatch => ({
    householdId: home.id,
    verdict: 'USED',
    lastReadAt: START,
    lastReceivedAt: START,
    lastUseAt: START,
    nextCheckAt: afterHours(10),
    ...more,
  });

  it('keeps the last use that is known when the readings at hand show none', async () => {
    const home = await street.home();
    await saveHomeWatches(database.pool, [watch(home)], START);
    await saveHomeWatches(database.pool, [watch(home, { lastUseAt: undefined })], START);

    expect(await street.watchOf(home)).toMatchObject({ last_use_at: START });
  });

  it('keeps the earliest time from which a home is owed a judgement', async () => {
    const home = await street.home();
    for (const hour of [5, 3, 4]) {
      const unjudged = { householdId: home.id, changedFrom: afterHours(hour) };
      await setHomeAside(database.pool, unjudged, afterHours(hour), afterHours(90));
    }

    expect(await street.watchOf(home)).toMatchObject({ judge_from: afterHours(3), unwatched_since: afterHours(5) });
  });

  it('names the homes that have waited the longest, and those never judged whose watch is on', async () => {
    const [later, sooner, soonest] = [await street.home(), await street.home(), await street.home()];
    const hours = new Map([
      [later, 12],
      [sooner, 11],
      [soonest, 10],
    ]);
    for (const [home, hour] of hours) {
      await saveHomeWatches(database.pool, [watch(home, { nextCheckAt: afterHours(hour - 500) })], START);
    }
    const [fresh, over, notYet] = [await street.home(), await street.home(), await street.home()];
    await database.pool.query('update household set monitored_until = $2 where id = $1', [over.id, afterHours(1)]);
    await database.pool.query('update household set monitored_from = $2 where id = $1', [notYet.id, afterHours(2)]);
    const due = async (limit: number) =>
      (await homesDueForCheck(database.pool, SHARDS, afterHours(1), limit)).map(({ householdId }) => householdId);

    expect((await due(2)).slice(0, 2)).toEqual([soonest.id, sooner.id]);
    const all = await due(500);
    expect(all).toContain(fresh.id);
    expect(all).not.toContain(over.id);
    expect(all).not.toContain(notYet.id);
  });
});

describe('notes of what changed', () => {
  const note = async (...changes: [Home, number][]) => {
    const { rows } = await database.pool.query<{ id: number }>(
      'insert into ingest_batch (received_at, meter_ids, first_read_at) values ($1, $2, $3) returning id',
      [START, changes.map(([{ meterId }]) => meterId), changes.map(([, hour]) => afterHours(hour))],
    );
    return rows[0]!.id;
  };

  it('lead to the earliest reading of each home, and not to a home that the meter had left by then', async () => {
    const [home, left] = [await street.home(), await street.home()];
    await removeMeter(database.pool, left, afterHours(5));
    await note([home, 7], [left, 5]);
    await note([home, 3]);
    await note([home, 9]);

    expect(await divideBatches(database.pool, 2)).toBe(2);
    expect(await divideBatches(database.pool, 2)).toBe(1);
    const notes = await pendingNotes(database.pool, SHARDS, 9);
    expect(notes).toHaveLength(2);
    expect(await homesOfNotes(database.pool, notes)).toEqual([{ householdId: home.id, changedFrom: afterHours(3) }]);
    expect(await pendingNotes(database.pool, SHARDS, 1)).toEqual(notes.slice(0, 1));
    expect(await pendingNotes(database.pool, [(home.id + 1) % 16], 9)).toEqual([]);
    await forgetNotes(database.pool, notes.slice(0, 1));
    expect(await pendingNotes(database.pool, SHARDS, 9)).toEqual(notes.slice(1));
    await forgetNotes(database.pool, notes);
  });

  it('are handed on to the roll-up of the days as they are divided', async () => {
    const home = await street.home();
    await database.pool.query('truncate roll_up_note');
    await note([home, 7]);
    await divideBatches(database.pool, 9);

    const { rows } = await database.pool.query('select subject, ids::text[], changed_from from roll_up_note');
    expect(rows).toEqual([{ subject: 'meter', ids: [String(home.meterId)], changed_from: [afterHours(7)] }]);
    await street.run(8);
  });

  it('are all worked off in one run, however many there are', async () => {
    const home = await street.home();
    for (let i = 0; i < 501; i += 1) await note([home, 1]);
    await street.run(2);

    const left = await database.pool.query('select id from ingest_batch union all select id from judge_note');
    expect(left.rows).toEqual([]);
  });
});

describe('readings and tickets of a meter', () => {
  it('are those of its time at the home: before that it has not been heard of there', async () => {
    const home = await street.home();
    await database.pool.query('insert into register_reading values ($1, $2, 5, $2), ($1, $3, 6, $3)', [
      home.meterId,
      afterHours(1),
      afterHours(9),
    ]);
    await database.pool.query('update meter_binding set bound_from = $2 where meter_id = $1', [
      home.meterId,
      afterHours(5),
    ]);
    const seriesUntil = (hour: number) =>
      readMeterSeries(database.pool, [{ householdId: home.id, since: START }], afterHours(hour));
    expect(await seriesUntil(9)).toMatchObject([{ indexL: [6], lastReceivedAt: afterHours(9) }]);
    expect(await seriesUntil(4)).toEqual([]);
    const lately = [{ householdId: home.id, since: afterHours(7) }];
    expect(await readMeterSeries(database.pool, lately, afterHours(9))).toMatchObject([{ indexL: [6] }]);

    await database.pool.query('update meter_binding set bound_until = $2 where meter_id = $1', [
      home.meterId,
      afterHours(8),
    ]);
    expect(await seriesUntil(9)).toMatchObject([{ indexL: [], lastReceivedAt: null }]);
  });

  it('are closed once, at the time at which the meter was heard again', async () => {
    const [home, other] = [await street.home(), await street.home()];
    const silent = [home, other].map(({ id, meterId }) => ({
      householdId: id,
      meterId,
      lastHeardAt: START,
      usualHours: undefined,
    }));
    expect(await openSilentMeterTickets(database.pool, silent, afterHours(1))).toBe(2);
    expect(await openSilentMeterTickets(database.pool, silent, afterHours(2))).toBe(0);

    const heard = { heardMeterIds: [home.meterId], householdIds: [home.id] };
    expect(await closeSilentMeterTickets(database.pool, heard, afterHours(3))).toBe(1);
    expect(await closeSilentMeterTickets(database.pool, heard, afterHours(4))).toBe(0);
    const tickets = (each: Home) =>
      street.rows('select opened_at, closed_at, evidence from ticket where household_id = $1', each);
    expect(await tickets(home)).toMatchObject([{ opened_at: afterHours(1), closed_at: afterHours(3) }]);
    expect(await tickets(other)).toMatchObject([{ closed_at: null, evidence: { lastHeardMs: START.getTime() } }]);
  });
});

describe('the lock of a run', () => {
  it('is let go when the work is done, and when it has failed, for every other process', async () => {
    const elsewhere = createPool(database.url, 1, createLogger('error'));
    const tryElsewhere = () => withLock(elsewhere, LOCKS.adoption, () => Promise.resolve('mine'));
    try {
      const during = await withLock(database.pool, LOCKS.adoption, tryElsewhere);
      expect(during).toBeUndefined();
      expect(await tryElsewhere()).toBe('mine');

      const fails = withLock(database.pool, LOCKS.adoption, () => Promise.reject(new Error('a bad moment')));
      await expect(fails).rejects.toThrow('a bad moment');
      expect(await tryElsewhere()).toBe('mine');
    } finally {
      await elsewhere.end();
    }
  });
});
