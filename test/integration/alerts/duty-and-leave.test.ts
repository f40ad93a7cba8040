import { describe, expect, it } from 'vitest';
import { handOverAlerts } from '../../../src/alerts/hand-over-alerts.ts';
import { raiseAlert } from '../../../src/alerts/raise-alert.ts';
import { DEFAULT_ESCALATION_POLICY as policy } from '../../../src/domain/alerting/escalation-policy.ts';
import { alertStories, EVERYBODY, LOW_USE, minute, START } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import type { Home } from '../../support/town.ts';
import { keepFinding } from '../../support/keep-finding.ts';

const database = useDatabase();
const fresh = () => alertStories(database);

async function leave(home: Home, name: string, substitute: string | null, from = START, until = minute(10_000)) {
  const ids = [name, substitute].map((who) => (who === null ? null : home.people[who]!.id));
  const text = 'insert into leave (person_id, substitute_id, away_from, away_until) values ($1, $2, $3, $4)';
  await database.pool.query(text, [...ids, from, until]);
}

/** START is a Sunday, eight in the morning by the clocks of the home. */
async function shift(home: Home, name: string, day: number | string, fromMinute: number, untilMinute: number) {
  const [weekday, date] = typeof day === 'number' ? [day, null] : [null, day];
  await database.pool.query(
    `insert into duty_shift (community_id, person_id, weekday, on_date, from_minute, until_minute)
     select community_id, $2, $3, $4, $5, $6 from household where id = $1`,
    [home.id, home.people[name]!.id, weekday, date, fromMinute, untilMinute],
  );
}

describe('somebody on leave', () => {
  it('is not asked: their substitute is, in their place', async () => {
    const story = fresh();
    const home = await story.home();
    await leave(home, 'neighbour', 'substitute');
    await story.raise(home);
    expect(await story.owedTo(home, 'check_request')).toEqual(['0 daughter (guardian)', '0 substitute (contact)']);
  });

  it('hands an open alert over when their leave begins, once, and nothing of what is over', async () => {
    const story = fresh();
    const [home, over] = [await story.home(), await story.home()];
    await story.raise(home);
    await story.raise(over);
    await story.answer(over, 'daughter', 'safe');
    for (const each of [home, over]) await leave(each, 'neighbour', 'supervisor', minute(5));
    expect(await handOverAlerts(story.deps())).toBe(0);
    story.clock.advanceTo(minute(5));
    expect(await handOverAlerts(story.deps())).toBe(1);
    expect(await handOverAlerts(story.deps())).toBe(0);
    expect((await story.owedTo(home, 'check_request')).at(-1)).toBe('0 supervisor (contact)');
    expect((await story.timelineOf(home)).at(-1)).toMatchObject({ type: 'handed_over', personName: 'supervisor' });
  });

  it('is passed over where nobody stands in, but the desk is asked all the same', async () => {
    const story = fresh();
    const home = await story.home();
    for (const name of Object.keys(EVERYBODY)) await leave(home, name, null);
    await story.raise(home);
    expect(await story.owedTo(home, 'check_request')).toEqual(['3 desk (desk)']);
  });
});

/** By the clock of the home, where START is eight in the morning. */
async function hours(home: Home, name: string, from: number, until: number) {
  await database.pool.query('update pairing set from_minute = $2, until_minute = $3 where person_id = $1', [
    home.people[name]!.id,
    from * 60,
    until * 60,
  ]);
}

describe('three guardians in order with different hours', () => {
  const three = { ...EVERYBODY, niece: { role: 'guardian', position: 3 } } as const;
  const inTurn = {
    ...policy,
    repeatLastEveryMinutes: 60,
    steps: [1, 2, 3].map((position, i) => ({
      afterMinutes: i * 30,
      ask: [{ role: 'guardian', position } as const],
    })),
  };

  it('are asked in that order, each only at their hours, and the next in place of whoever has none then', async () => {
    const story = fresh();
    const home = await story.home(three);
    await hours(home, 'daughter', 18, 8);
    await hours(home, 'son', 8, 18);
    await story.raise(home, LOW_USE, inTurn);
    await story.at(30);
    await story.at(60);
    const asked = () => story.owedTo(home, 'check_request');
    expect(await asked()).toEqual(['0 son (guardian)', '1 niece (guardian)', '2 niece (guardian)']);
  });

  it('are asked by their hours at each step: whoever comes home meanwhile is asked', async () => {
    const story = fresh();
    const home = await story.home(three);
    await hours(home, 'daughter', 9, 18);
    await hours(home, 'son', 22, 8);
    await story.raise(home, LOW_USE, {
      ...inTurn,
      steps: [inTurn.steps[1]!, { ...inTurn.steps[0]!, afterMinutes: 90 }],
    });
    await story.at(60);
    expect(await story.owedTo(home, 'check_request')).toEqual(['0 niece (guardian)', '1 daughter (guardian)']);
  });

  it('are passed over when none of them has hours then, and told at any hour that help is needed', async () => {
    const story = fresh();
    const home = await story.home(three);
    for (const name of ['daughter', 'son', 'niece']) await hours(home, name, 9, 20);
    await story.raise(home);
    expect(await story.owedTo(home, 'check_request')).toEqual(['0 neighbour (contact)']);
    await story.answer(home, 'neighbour', 'needs_help');
    expect((await story.owedTo(home, 'emergency')).toSorted()).toEqual([
      '3 daughter (guardian)',
      '3 desk (desk)',
      '3 niece (guardian)',
      '3 son (guardian)',
    ]);
  });

  it('have hours by the clock of each home they answer for, though it is one person', async () => {
    const story = fresh();
    const [here, there] = [await story.home(three), await story.home(three)];
    await database.pool.query(`update household set time_zone = 'Europe/Vienna' where id = $1`, [there.id]);
    for (const home of [here, there]) {
      await hours(home, 'daughter', 1, 7);
      await story.raise(home, LOW_USE, inTurn);
    }
    expect(await story.owedTo(here, 'check_request')).toEqual(['0 son (guardian)']);
    expect(await story.owedTo(there, 'check_request')).toEqual(['0 daughter (guardian)']);
  });
});

describe('the desk', () => {
  const straight = { ...policy, steps: [{ afterMinutes: 0, ask: [{ role: 'desk', position: 1 } as const] }] };

  it('is whoever is on duty; a date takes the place of its weekday, and an empty slot falls to the staff', async () => {
    const story = fresh();
    const home = await story.home();
    await shift(home, 'son', 7, 0, 600);
    await shift(home, 'supervisor', '2026-03-08', 0, 1_440);
    await story.raise(home, LOW_USE, { ...straight, repeatLastEveryMinutes: 60 });
    await story.at(60);
    await story.at(119);
    await story.at(120);
    await story.at(7 * 1_440);
    expect(await story.owedTo(home, 'check_request')).toEqual([
      '0 son (desk)',
      '1 son (desk)',
      '2 desk (desk)',
      '3 supervisor (desk)',
    ]);
  });
});

describe('a step', () => {
  it('may name all guardians at once', async () => {
    const story = fresh();
    const home = await story.home();
    const all = { ...policy, steps: [{ afterMinutes: 0, ask: [{ role: 'guardian', position: 'all' } as const] }] };
    await story.raise(home, LOW_USE, all);
    expect(await story.owedTo(home, 'check_request')).toEqual(['0 daughter (guardian)', '0 son (guardian)']);
  });
});

describe('the policy', () => {
  const night = {
    ...policy,
    name: 'night',
    steps: [{ afterMinutes: 0, ask: [{ role: 'desk', position: 1 } as const] }],
  };

  it('is the one that holds by the clock of the home when the alert is opened, and stays so in the morning', async () => {
    const story = fresh();
    const home = await story.home();
    const episode = { beganAtMs: START.getTime(), endedAtMs: undefined, evidence: LOW_USE };
    const finding = { householdId: home.id, detector: 'low-use', detectorVersion: 1, episode } as const;
    const findingId = await keepFinding(database.pool, finding, START);
    // Eight in the morning at home, midnight in UTC.
    const variants = [{ when: { fromMinute: 22 * 60, untilMinute: 8 * 60 + 1 }, policy: night }];
    const raise = { findingId, householdId: home.id, detectorVersion: 1, evidence: LOW_USE, policy, variants };
    await raiseAlert(story.deps(), raise);
    await story.at(15);
    expect(await story.owedTo(home, 'check_request')).toEqual(['0 desk (desk)', '1 desk (desk)']);
    expect(await story.alertOf(home)).toMatchObject({ policy: night });
  });

  it('knows the holidays of China and the days that make up for them', async () => {
    const { dayKindOf } = await import('../../../src/alerts/day-kind.ts');
    expect(['2026-02-17', '2026-02-14', '2026-02-21', '2026-03-01', '2026-03-02'].map(dayKindOf)).toEqual([
      'holiday',
      'workday',
      'holiday',
      'weekend',
      'workday',
    ]);
  });
});
