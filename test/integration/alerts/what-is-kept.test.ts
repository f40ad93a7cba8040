import { describe, expect, it } from 'vitest';
import { claimAlert } from '../../../src/alerts/claim-alert.ts';
import { noteRecovery } from '../../../src/alerts/note-recovery.ts';
import { recordVerification } from '../../../src/alerts/record-verification.ts';
import { withdrawAlert } from '../../../src/alerts/withdraw-alert.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { lockAlert } from '../../../src/db/alerts.ts';
import { candidatesFor } from '../../../src/db/escalation-people.ts';
import { execute, inTransaction, sql } from '../../../src/db/sql.ts';
import { alertStories, LOW_USE, minute, RUNNING, START } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const fresh = () => alertStories(database, createLogger('silent'));
const typesOf = (timeline: readonly { type: string }[]) => timeline.map(({ type }) => type);

describe('the record of an alert', () => {
  it('keeps why an alarm was false, who was on the way and since when', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    story.clock.advanceTo(minute(4));
    await claimAlert(story.deps(), { alertId, personId: story.idOf(home, 'neighbour') });
    expect(await story.alertOf(home)).toMatchObject({ claimedBy: story.idOf(home, 'neighbour'), claimedAt: minute(4) });

    await story.answer(home, 'neighbour', 'false_alarm', { cause: 'late_riser', note: 'was asleep' });
    expect(await story.alertOf(home)).toMatchObject({ closeOutcome: 'false_alarm', closeCause: 'late_riser' });
    const { rows } = await database.pool.query('select cause, note, method from verification where alert_id = $1', [
      alertId,
    ]);
    expect(rows).toEqual([{ cause: 'late_riser', note: 'was asleep', method: 'phone' }]);
  });

  it('tells on its timeline what was found, by whom, and how it ended', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await claimAlert(story.deps(), { alertId, personId: story.idOf(home, 'neighbour') });
    await story.at(30);
    await story.answer(home, 'son', 'false_alarm', { cause: 'cleaning' });

    expect(await story.timelineOf(home)).toMatchObject([
      { type: 'opened', personName: null, detail: { detector: 'low-use', policy: 'default', evidence: LOW_USE } },
      { type: 'asked', personName: 'daughter', detail: { role: 'guardian', step: 0 } },
      { type: 'asked', personName: 'neighbour', detail: { role: 'contact', step: 0 } },
      { type: 'claimed', personName: 'neighbour', detail: { until: minute(30).toISOString() } },
      { type: 'claim_lapsed', personName: 'neighbour' },
      { type: 'escalated', detail: { step: 1 } },
      { type: 'asked', personName: 'son', detail: { role: 'guardian', step: 1 } },
      { type: 'asked', personName: 'substitute' },
      { type: 'verified', personName: 'son', detail: { outcome: 'false_alarm', method: 'phone', cause: 'cleaning' } },
      { type: 'sensitivity_changed' },
      { type: 'closed', detail: { outcome: 'false_alarm', cause: 'cleaning' } },
    ]);
  });

  it('keeps a cause for a false alarm alone, and an end of absence for an absence alone', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.answer(home, 'neighbour', 'safe', { cause: 'leak', awayUntil: minute(5_000) });

    expect(await story.alertOf(home)).toMatchObject({ closeOutcome: 'safe', closeCause: undefined });
    const { rows } = await database.pool.query('select 1 from absence where household_id = $1', [home.id]);
    expect(rows).toEqual([]);
  });

  it('says who declared an absence', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.answer(home, 'daughter', 'away', { awayUntil: minute(5_000) });

    const { rows } = await database.pool.query('select declared_by, away_from from absence where household_id = $1', [
      home.id,
    ]);
    expect(rows).toEqual([{ declared_by: story.idOf(home, 'daughter'), away_from: START }]);
  });

  it('notes once that water came back and once that it stopped again', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    story.clock.advanceTo(minute(7));
    expect(await noteRecovery(story.deps(), { alertId, recovered: true })).toBe(true);
    expect(await noteRecovery(story.deps(), { alertId, recovered: true })).toBe(false);
    expect(await story.alertOf(home)).toMatchObject({ state: 'open', recoveredAt: minute(7) });
    expect(await noteRecovery(story.deps(), { alertId, recovered: false })).toBe(true);

    expect(await story.alertOf(home)).toMatchObject({ recoveredAt: undefined });
    expect(typesOf(await story.timelineOf(home)).slice(3)).toEqual(['recovered', 'relapsed']);
  });
});

describe('an alert that its own readings take back', () => {
  it('says so, and tells everybody whose text may have left; nobody else', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await story.at(15);
    await story.at(30);
    const states = ['sending', 'unknown', 'failed', 'waiting', 'sent'];
    for (const [i, name] of ['daughter', 'neighbour', 'son', 'substitute', 'supervisor'].entries()) {
      await database.pool.query(
        `update outbox set state = $3, lease_until = case when $3 = 'sending' then requested_at end
         where alert_id = $1 and person_id = $2`,
        [alertId, story.idOf(home, name), states[i]],
      );
    }

    expect(await withdrawAlert(story.deps(), alertId)).toBe(true);
    expect(await withdrawAlert(story.deps(), alertId)).toBe(false);
    expect((await story.owedTo(home, 'stand_down')).toSorted()).toEqual([
      '2 daughter (guardian)',
      '2 neighbour (contact)',
      '2 supervisor (supervisor)',
    ]);
    expect(await story.timelineOf(home)).toContainEqual(
      expect.objectContaining({ type: 'closed', detail: { outcome: 'late_data' } }),
    );
  });

  it('stands when a person has called for help', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await story.answer(home, 'neighbour', 'needs_help');

    expect(await withdrawAlert(story.deps(), alertId)).toBe(false);
    expect(await story.alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });
  });
});

describe('somebody who is asked in two capacities', () => {
  it('gets one text at a step, and one that it is over, as whom they were asked first', async () => {
    const story = fresh();
    const home = await story.home({ aunt: { role: 'contact' }, desk: { role: 'desk' } });
    const also = 'insert into pairing (household_id, person_id, role, position) values ($1, $2, $3, $4)';
    await database.pool.query(also, [home.id, story.idOf(home, 'aunt'), 'guardian', 1]);
    const { alertId } = await story.raise(home);
    expect(await story.owedTo(home, 'check_request')).toEqual(['0 aunt (guardian)']);
    expect(typesOf(await story.timelineOf(home))).toEqual(['opened', 'asked']);

    await database.pool.query(
      `insert into outbox (alert_id, intent, step, person_id, role, state, requested_at, not_before)
       values ($1, 'emergency', 3, $2, 'contact', 'sent', $3, $3)`,
      [alertId, story.idOf(home, 'aunt'), START],
    );
    await database.pool.query(`update outbox set state = 'sent' where alert_id = $1`, [alertId]);
    await story.answer(home, 'aunt', 'safe');
    expect(await story.owedTo(home, 'stand_down')).toEqual(['0 aunt (guardian)']);
  });
});

describe('who may be asked about a home', () => {
  it('are its own people, and of each staff role those of the nearest level that has any', async () => {
    const story = fresh();
    const home = await story.home({ neighbour: { role: 'contact' }, desk: { role: 'desk' } });
    const other = await story.home({
      stranger: { role: 'guardian' },
      night: { role: 'desk' },
      chief: { role: 'supervisor' },
    });
    const assign = (name: string, role: string, place: string, position = 1) =>
      database.pool.query(
        `insert into community_staff (community_id, person_id, role, position)
         values ((select id from community where code = $1), $2, $3, $4)`,
        [place, story.idOf(other, name), role, position],
      );
    await assign('stranger', 'supervisor', 'city');
    await assign('night', 'supervisor', 'town', 2);
    await assign('chief', 'supervisor', 'town');
    await assign('night', 'desk', 'town');

    const named = (await candidatesFor(database.pool, home.id)).map(({ personId, role, position }) => [
      [home, other].flatMap(({ people }) => Object.entries(people)).find(([, { id }]) => id === personId)?.[0],
      role,
      position,
    ]);
    expect(named).toEqual([
      ['neighbour', 'contact', 1],
      ['desk', 'desk', 1],
      ['chief', 'supervisor', 1],
      ['night', 'supervisor', 2],
    ]);
    await database.pool.query(
      `delete from community_staff where community_id in (select id from community where code in ('city', 'town'))`,
    );
  });
});

describe('an emergency', () => {
  it('may be ended by whoever reported it last, and by a supervisor who was asked, but not on another alert', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.at(15);
    await story.at(30);
    await story.answer(home, 'neighbour', 'needs_help');
    await story.answer(home, 'son', 'needs_help');
    await story.answer(home, 'neighbour', 'safe');
    expect(await story.alertOf(home)).toMatchObject({ state: 'open' });
    await story.answer(home, 'supervisor', 'safe');
    expect(await story.alertOf(home)).toMatchObject({ state: 'closed' });

    await story.raise(home, RUNNING);
    await story.answer(home, 'neighbour', 'needs_help');
    await story.answer(home, 'supervisor', 'safe');
    expect(await story.alertOf(home)).toMatchObject({ state: 'open' });
    await story.answer(home, 'neighbour', 'could_not_reach');
    await story.answer(home, 'neighbour', 'safe');
    expect(await story.alertOf(home)).toMatchObject({ state: 'closed' });
  });

  it('is not ended by somebody for having said already that all is well', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.answer(home, 'neighbour', 'needs_help');
    await story.answer(home, 'daughter', 'safe');
    await story.answer(home, 'daughter', 'safe');

    expect(await story.alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });
  });

  it('is told to the desk and every guardian once, whatever else is answered meanwhile', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.answer(home, 'neighbour', 'needs_help');
    await story.answer(home, 'daughter', 'could_not_reach');

    expect((await story.owedTo(home, 'emergency')).toSorted()).toEqual([
      '3 daughter (guardian)',
      '3 desk (desk)',
      '3 son (guardian)',
    ]);
    const asked = (await story.timelineOf(home)).filter(({ type, detail }) => type === 'asked' && detail['step'] === 3);
    expect(asked.map(({ personName }) => personName).toSorted()).toEqual(['daughter', 'desk', 'son']);
  });
});

describe('a home that has been alerted before', () => {
  it('has a second finding joined to the alert that is open, not to the one that is over', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.answer(home, 'neighbour', 'safe');
    story.clock.advanceTo(minute(1));
    const second = await story.raise(home, RUNNING);
    story.clock.advanceTo(minute(2));
    const third = await story.raise(home, LOW_USE);

    expect(third).toMatchObject({ alertId: second.alertId, opened: false });
    expect(await third.again()).toEqual({ alertId: second.alertId, opened: false });
    const joined = (await story.timelineOf(home)).filter(({ type }) => type === 'finding_joined');
    expect(joined).toMatchObject([{ detail: { detector: 'low-use', severity: 'urgent' } }]);
  });
});

describe('an answer that crosses with another', () => {
  it('waits for the first and is refused once that has closed the alert', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    let late: Promise<unknown> = Promise.resolve();
    await inTransaction(database.pool, async (tx) => {
      await lockAlert(tx, alertId);
      await execute(
        tx,
        sql`update alert set state = 'closed', closed_at = ${START}, close_outcome = 'safe', next_step_at = null
            where id = ${alertId}`,
      );
      late = story.answer(home, 'daughter', 'could_not_reach').then(
        () => 'taken',
        (error: unknown) => (error as { code: string }).code,
      );
      await untilSomebodyWaits();
    });

    expect(await late).toBe('alert_transition_refused');
  });

  it('about an alert that does not exist is refused', async () => {
    const story = fresh();
    const home = await story.home();
    const answer = { alertId: 999_999, personId: story.idOf(home, 'son'), outcome: 'safe' as const, note: '' };

    await expect(recordVerification(story.deps(), { ...answer, method: 'phone' })).rejects.toMatchObject({
      code: 'alert_not_found',
    });
    await expect(claimAlert(story.deps(), answer)).rejects.toMatchObject({ code: 'alert_not_found' });
  });
});

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rows.length > 0) return;
  }
}
