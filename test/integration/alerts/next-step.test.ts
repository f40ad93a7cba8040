import { describe, expect, it } from 'vitest';
import { claimAlert } from '../../../src/alerts/claim-alert.ts';
import { hastenEscalation } from '../../../src/alerts/hasten-escalation.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { dueAlertIds } from '../../../src/db/alerts.ts';
import { type EscalationPolicy, POLICY_DEFAULTS } from '../../../src/domain/alerting/escalation-policy.ts';
import { alertStories, LOW_USE, minute, START } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const fresh = () => alertStories(database, createLogger('silent'));
const typesOf = (timeline: readonly { type: string }[]) => timeline.map(({ type }) => type);

const ask = (role: 'contact' | 'supervisor' | 'desk') => [{ role, position: 1 }];
const UNEVEN: EscalationPolicy = {
  name: 'uneven',
  steps: [
    { afterMinutes: 0, ask: ask('contact') },
    { afterMinutes: 10, ask: ask('supervisor') },
    { afterMinutes: 30, ask: ask('desk') },
  ],
  repeatLastEveryMinutes: 60,
  claimLapsesAfterMinutes: 30,
  ...POLICY_DEFAULTS,
};

describe('a claim', () => {
  it('is taken over by whoever else sets out, without more time for either', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await claimAlert(story.deps(), { alertId, personId: story.idOf(home, 'neighbour') });
    story.clock.advanceTo(minute(20));
    await claimAlert(story.deps(), { alertId, personId: story.idOf(home, 'son') });

    expect(await story.alertOf(home)).toMatchObject({ claimedBy: story.idOf(home, 'son'), nextStepAt: minute(30) });
  });
});

describe('the next step', () => {
  it('is not hastened while somebody is on the way, nor put off when it is overdue', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    story.clock.advanceTo(minute(20));
    await hastenEscalation(database.pool, { alertId, at: minute(20) });
    expect(await story.alertOf(home)).toMatchObject({ nextStepAt: minute(15) });

    await claimAlert(story.deps(), { alertId, personId: story.idOf(home, 'neighbour') });
    await hastenEscalation(database.pool, { alertId, at: minute(21) });
    expect(await story.alertOf(home)).toMatchObject({ state: 'claimed', nextStepAt: minute(50) });
    expect(typesOf(await story.timelineOf(home))).not.toContain('hastened');
  });

  it('is hastened once and said so on the timeline', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await hastenEscalation(database.pool, { alertId, at: minute(1) });
    await hastenEscalation(database.pool, { alertId, at: minute(1) });

    expect(await story.alertOf(home)).toMatchObject({ nextStepAt: minute(1) });
    expect(typesOf(await story.timelineOf(home)).filter((type) => type === 'hastened')).toHaveLength(1);
  });

  it('is taken first where it has been due the longest', async () => {
    const story = fresh();
    await database.pool.query(`update alert set next_step_at = $1 where state <> 'closed'`, [minute(90_000)]);
    const raised: number[] = [];
    for (const at of [40, 30, 50]) {
      const { alertId } = await story.raise(await story.home());
      await database.pool.query('update alert set next_step_at = $2 where id = $1', [alertId, minute(at)]);
      raised.push(alertId);
    }

    expect(await dueAlertIds(database.pool, minute(50), 2)).toEqual([raised[1], raised[0]]);
    expect(await dueAlertIds(database.pool, minute(49), 9)).toHaveLength(2);
  });

  it('that begins late, because nobody was there to ask before, comes at its own distance', async () => {
    const story = fresh();
    const home = await story.home({ supervisor: { role: 'supervisor' }, desk: { role: 'desk' } });
    await story.raise(home);
    expect(await story.alertOf(home)).toMatchObject({ step: 2, nextStepAt: minute(15) });

    const away = await story.home({ neighbour: { role: 'contact' }, desk: { role: 'desk' } });
    await story.raise(away);
    await story.at(15);
    expect(await story.alertOf(away)).toMatchObject({ step: 3, nextStepAt: minute(30) });
    expect(await story.owedTo(away, 'check_request')).toEqual(['0 neighbour (contact)', '3 desk (desk)']);
  });

  it('is due at the distance of the step that was really taken', async () => {
    const story = fresh();
    const home = await story.home({ neighbour: { role: 'contact' }, desk: { role: 'desk' } });
    await story.raise(home, LOW_USE, UNEVEN);
    await story.at(10);

    expect(await story.alertOf(home)).toMatchObject({ step: 2, nextStepAt: minute(70) });

    const unguarded = await story.home({ desk: { role: 'desk' } });
    await story.raise(unguarded, LOW_USE, UNEVEN);
    expect(await story.alertOf(unguarded)).toMatchObject({ step: 2, nextStepAt: minute(70) });
  });

  it('is looked for once through all steps where there is nobody at all', async () => {
    const story = fresh();
    const home = await story.home({});
    await story.raise(home);

    expect(await story.timelineOf(home)).toMatchObject([
      { type: 'opened' },
      ...[0, 1, 2, 3].map((step) => ({ type: 'nobody_to_ask', detail: { step } })),
    ]);
    expect(await story.alertOf(home)).toMatchObject({ step: 3, nextStepAt: minute(15) });
  });

  it('of one alert that cannot be escalated holds back no other, and is counted for none', async () => {
    const story = fresh();
    await database.pool.query(`update alert set next_step_at = $1 where state <> 'closed'`, [minute(90_000)]);
    const bad = await story.home();
    const good = await story.home();
    const { alertId } = await story.raise(bad);
    await story.raise(good);
    await database.pool.query(`update alert set policy = '{}', next_step_at = $2 where id = $1`, [alertId, minute(3)]);

    expect(await story.at(15)).toBe(1);
    expect(await story.alertOf(good)).toMatchObject({ step: 1 });
    await database.pool.query(
      `update alert set state = 'closed', closed_at = $2, close_outcome = 'safe', next_step_at = null where id = $1`,
      [alertId, START],
    );
  });
});
