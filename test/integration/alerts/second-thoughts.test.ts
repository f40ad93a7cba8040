import { describe, expect, it } from 'vitest';
import { claimAlert } from '../../../src/alerts/claim-alert.ts';
import { correctVerification } from '../../../src/alerts/correct-verification.ts';
import { noteRecovery } from '../../../src/alerts/note-recovery.ts';
import { reopenAlert } from '../../../src/alerts/reopen-alert.ts';
import { snoozeAlert } from '../../../src/alerts/snooze-alert.ts';
import { withdrawAlert } from '../../../src/alerts/withdraw-alert.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../../src/domain/alerting/escalation-policy.ts';
import { alertStories, LOW_USE, minute } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const sendAll = () => database.pool.query(`update outbox set state = 'sent' where state = 'waiting'`);

async function storyOf(policy = DEFAULT_ESCALATION_POLICY) {
  const story = alertStories(database);
  const home = await story.home();
  const { alertId } = await story.raise(home, LOW_USE, policy);
  await sendAll();
  return { story, home, alertId, by: (name: string) => ({ alertId, personId: story.idOf(home, name) }) };
}

const REFUSED = { code: 'alert_transition_refused' };
const count = async (table: string, alertId: number) => {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(*)::int as n from ${table} where alert_id = $1`,
    [alertId],
  );
  return rows[0]!.n;
};
const answerOf = (by: { alertId: number; personId: number }) => ({ ...by, method: 'in_person' as const, note: '' });

describe('an alert that was over', () => {
  it('goes on at the desk and with all guardians when somebody says that help is needed after all', async () => {
    const { story, home, alertId, by } = await storyOf();
    await story.answer(home, 'daughter', 'safe');
    story.clock.advanceTo(minute(60));
    await reopenAlert(story.deps(), { ...answerOf(by('neighbour')), outcome: 'needs_help' });

    expect(await story.alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency', nextStepAt: minute(75) });
    expect((await story.owedTo(home, 'emergency')).map((each) => each.split(' ')[1])).toEqual(
      expect.arrayContaining(['desk', 'daughter', 'son']),
    );
    expect(await withdrawAlert(story.deps(), alertId)).toBe(false);
  });

  it('asks the next people now when nobody can be found, and later tells once more only whoever was asked again', async () => {
    const { story, home, by } = await storyOf();
    await story.answer(home, 'daughter', 'safe');
    await sendAll();
    story.clock.advanceTo(minute(20));
    await reopenAlert(story.deps(), { ...answerOf(by('neighbour')), outcome: 'could_not_reach' });
    await story.at(20);
    await sendAll();
    expect(await story.owedTo(home, 'check_request')).toContain('1 son (guardian)');

    await story.answer(home, 'son', 'safe');
    expect(await story.owedTo(home, 'stand_down')).toEqual([
      '0 daughter (guardian)',
      '0 neighbour (contact)',
      '1 son (guardian)',
      '1 substitute (contact)',
    ]);
  });

  it('stays over when the home has another by now: that one hears of it', async () => {
    const { story, home, alertId, by } = await storyOf();
    await story.answer(home, 'daughter', 'safe');
    story.clock.advanceTo(minute(20));
    const second = await story.raise(home);
    const { alertId: goesOn } = await reopenAlert(story.deps(), {
      ...answerOf(by('neighbour')),
      outcome: 'needs_help',
    });

    expect(goesOn).toBe(second.alertId);
    expect(await story.alertOf(home)).toMatchObject({ id: second.alertId, severity: 'emergency' });
    expect(await count('verification', alertId)).toBe(1);
  });

  it('is opened by one of two who say so at the same moment', async () => {
    const { story, home, by } = await storyOf();
    await story.answer(home, 'daughter', 'safe');
    const again = { ...answerOf(by('neighbour')), outcome: 'needs_help' as const };
    const both = await Promise.allSettled([reopenAlert(story.deps(), again), reopenAlert(story.deps(), again)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('an alert that is put off', () => {
  it('asks nobody until then, and then the next people and whoever had put it off', async () => {
    const { story, home, by } = await storyOf();
    await snoozeAlert(story.deps(), { ...by('daughter'), until: minute(120) });
    await story.at(119);
    expect(await story.owedTo(home, 'check_request')).toHaveLength(2);

    await story.at(120);
    expect((await story.owedTo(home, 'check_request')).slice(2)).toEqual([
      '1 son (guardian)',
      '1 substitute (contact)',
      '1 daughter (guardian)',
    ]);
    expect((await story.timelineOf(home)).map(({ type }) => type)).toContain('snooze_ended');
  });

  it('cannot be put off for longer than the policy allows, nor twice, nor when somebody needs help', async () => {
    const { story, home, alertId, by } = await storyOf();
    const putOff = (minutes: number) => snoozeAlert(story.deps(), { ...by('daughter'), until: minute(minutes) });
    await expect(putOff(241)).rejects.toMatchObject(REFUSED);
    await putOff(60);
    const before = [await story.alertOf(home), await count('alert_event', alertId)];
    await expect(putOff(90)).rejects.toMatchObject(REFUSED);
    expect([await story.alertOf(home), await count('alert_event', alertId)]).toEqual(before);

    await story.answer(home, 'neighbour', 'needs_help');
    await expect(putOff(90)).rejects.toMatchObject(REFUSED);
  });
});

describe('a correction', () => {
  const correct = (
    story: Awaited<ReturnType<typeof storyOf>>,
    name: string,
    outcome: 'safe' | 'needs_help' | 'could_not_reach' | 'away',
  ) =>
    correctVerification(story.story.deps(), {
      ...answerOf(story.by(name)),
      outcome,
      awayUntil: outcome === 'away' ? minute(5_000) : undefined,
    });

  it('of safe to needs help within ten minutes opens the alert again; both answers are kept', async () => {
    const told = await storyOf();
    const { story, home, alertId } = told;
    await story.answer(home, 'neighbour', 'safe');
    story.clock.advanceTo(minute(10));
    await correct(told, 'neighbour', 'needs_help');

    expect(await story.alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });
    const { rows } = await database.pool.query(
      'select outcome, corrects is not null as corrects from verification where alert_id = $1 order by id',
      [alertId],
    );
    expect(rows).toEqual([
      { outcome: 'safe', corrects: false },
      { outcome: 'needs_help', corrects: true },
    ]);
    expect((await story.timelineOf(home)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['verified', 'closed', 'corrected', 'reopened']),
    );
  });

  it('of needs help to safe ends an emergency that nobody else has called', async () => {
    const told = await storyOf();
    await told.story.answer(told.home, 'neighbour', 'needs_help');
    await sendAll();
    await correct(told, 'neighbour', 'safe');
    expect(await told.story.alertOf(told.home)).toMatchObject({ state: 'closed', closeOutcome: 'safe' });
    expect(await told.story.owedTo(told.home, 'stand_down')).toHaveLength(4);
  });

  it('of needs help leaves an emergency that another has called as well', async () => {
    const told = await storyOf();
    await told.story.answer(told.home, 'neighbour', 'needs_help');
    await told.story.answer(told.home, 'son', 'needs_help');
    await correct(told, 'neighbour', 'safe');
    expect(await told.story.alertOf(told.home)).toMatchObject({ state: 'open', severity: 'emergency' });
  });

  it('of needs help to nobody reached takes the emergency back and asks on', async () => {
    const told = await storyOf();
    await told.story.answer(told.home, 'neighbour', 'needs_help');
    await correct(told, 'neighbour', 'could_not_reach');
    expect(await told.story.alertOf(told.home)).toMatchObject({ state: 'open', severity: 'urgent' });
  });

  it('of away ends the absence that it had written', async () => {
    const told = await storyOf();
    await told.story.answer(told.home, 'daughter', 'away', { awayUntil: minute(9_000) });
    told.story.clock.advanceTo(minute(4));
    await correct(told, 'daughter', 'safe');
    const { rows } = await database.pool.query('select ended_by from absence where household_id = $1', [told.home.id]);
    expect(rows).toEqual([{ ended_by: 'person' }]);
    expect(await told.story.alertOf(told.home)).toMatchObject({ state: 'closed', closeOutcome: 'safe' });
  });

  it('is refused after ten minutes, to whoever has not answered, and when the home has another alert by now', async () => {
    const told = await storyOf();
    await told.story.answer(told.home, 'daughter', 'safe');
    await expect(correct(told, 'son', 'needs_help')).rejects.toMatchObject(REFUSED);
    told.story.clock.advanceTo(minute(5));
    await told.story.raise(told.home);
    await expect(correct(told, 'daughter', 'needs_help')).rejects.toMatchObject(REFUSED);
    told.story.clock.advanceTo(minute(11));
    await expect(correct(told, 'daughter', 'away')).rejects.toMatchObject(REFUSED);
    expect(await count('verification', told.alertId)).toBe(1);
  });
});

describe('water that comes back', () => {
  const byItself = { ...DEFAULT_ESCALATION_POLICY, confirmRecovery: false, recoveryClosesAfterHours: 2 };
  const water = ({ story, alertId }: Awaited<ReturnType<typeof storyOf>>, recovered: boolean) =>
    noteRecovery(story.deps(), { alertId, recovered });

  it('is told to everybody who was asked, and the next are asked all the same where a person must confirm', async () => {
    const told = await storyOf();
    await water(told, true);
    expect(await told.story.owedTo(told.home, 'recovered')).toEqual(['0 daughter (guardian)', '0 neighbour (contact)']);
    await told.story.at(15);
    expect(await told.story.owedTo(told.home, 'check_request')).toHaveLength(4);
  });

  it('ends the alert by itself after two hours where the policy lets it, and everybody hears of both', async () => {
    const told = await storyOf(byItself);
    told.story.clock.advanceTo(minute(10));
    await water(told, true);
    await sendAll();
    await told.story.at(129);
    expect(await told.story.alertOf(told.home)).toMatchObject({ state: 'open' });
    await told.story.at(130);

    expect(await told.story.alertOf(told.home)).toMatchObject({ state: 'closed', closeOutcome: 'water_returned' });
    expect(await told.story.owedTo(told.home, 'check_request')).toHaveLength(2);
    expect(await told.story.owedTo(told.home, 'stand_down')).toHaveLength(2);
  });

  it('and is gone again is told too, and the next are asked now', async () => {
    const told = await storyOf(byItself);
    await water(told, true);
    await sendAll();
    told.story.clock.advanceTo(minute(60));
    await water(told, false);
    await told.story.at(60);
    expect(await told.story.owedTo(told.home, 'check_again')).toHaveLength(2);
    expect(await told.story.owedTo(told.home, 'check_request')).toContain('1 son (guardian)');
  });
});

describe('people on the way', () => {
  const two = { ...DEFAULT_ESCALATION_POLICY, acknowledgementsNeeded: 2 };

  it('hold the next step back once they are as many as are needed, and each is told when their time is up', async () => {
    const { story, home, by } = await storyOf(two);
    await claimAlert(story.deps(), by('neighbour'));
    expect(await story.alertOf(home)).toMatchObject({ state: 'open', nextStepAt: minute(15) });
    story.clock.advanceTo(minute(10));
    await claimAlert(story.deps(), by('daughter'));
    expect(await story.alertOf(home)).toMatchObject({ state: 'claimed', nextStepAt: minute(40) });

    await story.at(40);
    expect(await story.owedTo(home, 'claim_lapsed')).toEqual(['1 neighbour (contact)', '1 daughter (guardian)']);
  });
});

/** A policy that was stored before it could say more. */
it('reads an alert whose policy says nothing of all this as it always was', async () => {
  const { story, home, alertId } = await storyOf();
  const old = `policy - 'confirmRecovery' - 'acknowledgementsNeeded' - 'longestSnoozeMinutes' - 'recoveryClosesAfterHours'`;
  await database.pool.query(`update alert set policy = ${old} where id = $1`, [alertId]);
  expect((await story.alertOf(home)).policy).toEqual(DEFAULT_ESCALATION_POLICY);
});
