import { describe, expect, it } from 'vitest';
import { correctVerification } from '../../../src/alerts/correct-verification.ts';
import type { Evidence } from '../../../src/domain/alerting/finding.ts';
import { sensitivityList, sensitivityUndo } from '../../../src/main/commands/sensitivity.ts';
import { alertStories, LOW_USE, minute, RUNNING, START } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import type { Home } from '../../support/town.ts';

const database = useDatabase();
const DAY = 24 * 60;
const STILL: Evidence = {
  detector: 'inactivity',
  sinceMs: START.getTime() - 15 * 3_600_000,
  dryHours: 15,
  limitHours: 14,
  leakLitresPerHour: 0,
  asOfMs: START.getTime(),
};
const LATE_RISER = { cause: 'late_riser' } as const;

async function lessonsOf(home: Home): Promise<string[]> {
  const text = `select from_step, to_step, run_from is not null as out, undoes is not null as undo
                from lesson where household_id = $1 order by id`;
  const { rows } = await database.pool.query<{ from_step: number; to_step: number; out: boolean; undo: boolean }>(
    text,
    [home.id],
  );
  return rows.map(
    ({ from_step: from, to_step: to, out, undo }) => `${from} to ${to}${out ? ', run out' : ''}${undo ? ', undo' : ''}`,
  );
}

async function storyOf(tier = 2) {
  const story = alertStories(database);
  const home = await story.home();
  await database.pool.query('update household set tier = $2 where id = $1', [home.id, tier]);
  return {
    story,
    home,
    /** On a day, an alert is raised and the desk answers it. */
    alarm: async (day: number, evidence: Evidence, ...answers: [string, object?][]) => {
      story.clock.advanceTo(minute(day * DAY));
      const { alertId } = await story.raise(home, evidence);
      for (const [outcome, more] of answers) await story.answer(home, 'desk', outcome as 'safe', more);
      return alertId;
    },
  };
}

describe('what a home learns from an answer', () => {
  it('is a step less for a false alarm of people at home, once a week, and never below what its tier allows', async () => {
    const { home, alarm } = await storyOf();
    for (const day of [0, 6]) await alarm(day, STILL, ['false_alarm', LATE_RISER]);
    expect(await lessonsOf(home)).toEqual(['0 to -1']);
    for (const day of [7, 14, 21]) await alarm(day, STILL, ['false_alarm', LATE_RISER]);
    expect(await lessonsOf(home)).toEqual(['0 to -1', '-1 to -2', '-2 to -3']);

    const frail = await storyOf(1);
    for (const day of [0, 8, 16]) await frail.alarm(day, LOW_USE, ['false_alarm', { cause: 'cleaning' }]);
    expect(await lessonsOf(frail.home)).toEqual(['0 to -1']);
  });

  it('is a step more for a call for help, once an alert however many call, and that its run was no usual pause', async () => {
    const { story, home, alarm } = await storyOf();
    await alarm(0, STILL, ['needs_help']);
    await story.answer(home, 'daughter', 'needs_help');
    await story.answer(home, 'desk', 'safe');

    expect(await lessonsOf(home)).toEqual(['0 to 1, run out']);
    const changed = (await story.timelineOf(home)).filter(({ type }) => type === 'sensitivity_changed');
    expect(changed.map(({ detail }) => detail)).toMatchObject([{ from: 0, to: 1, leavesRunOut: true }]);
  });

  it('is nothing where all was well, nobody was reached, or the water ran', async () => {
    const { home, alarm } = await storyOf();
    await alarm(0, STILL, ['could_not_reach'], ['safe']);
    await alarm(1, RUNNING, ['false_alarm', LATE_RISER]);
    await alarm(2, RUNNING, ['needs_help'], ['safe']);
    await alarm(3, STILL, ['false_alarm', { cause: 'leak' }]);

    expect(await lessonsOf(home)).toEqual([]);
  });

  it('is that the run was no usual pause, where they were away or in hospital', async () => {
    const { home, alarm } = await storyOf();
    await alarm(0, STILL, ['away', { awayUntil: minute(2 * DAY) }]);
    await alarm(3, STILL, ['false_alarm', { cause: 'hospital' }]);

    expect(await lessonsOf(home)).toEqual(['0 to 0, run out', '0 to 0, run out']);
  });

  it('is undone with the answer it came from, and learned anew from the one that takes its place', async () => {
    const { story, home, alarm } = await storyOf();
    const alertId = await alarm(0, STILL, ['false_alarm', LATE_RISER]);
    const correct = (outcome: 'needs_help' | 'safe') =>
      correctVerification(story.deps(), {
        alertId,
        personId: story.idOf(home, 'desk'),
        outcome,
        method: 'phone',
        note: '',
      });
    await correct('needs_help');
    expect(await lessonsOf(home)).toEqual(['0 to -1', '-1 to 0, undo', '0 to 1, run out']);
    await correct('safe');
    expect((await lessonsOf(home)).slice(3)).toEqual(['1 to 0, undo']);
  });
});

describe('stillwater sensitivity', () => {
  it('lists what was learned and takes it back once, by name, on the timeline and in the audit', async () => {
    const { story, home, alarm } = await storyOf();
    await alarm(0, STILL, ['false_alarm', LATE_RISER]);
    const lines: string[] = [];
    const deps = { ...story.deps(), actor: 'li', print: (line: string) => void lines.push(line) };
    await sensitivityList(deps, { household: home.code, limit: 9 });
    expect(lines[1]).toMatch(/ -1 +false_alarm, late_riser$/);

    const id = Number(lines[1]!.trim().split(' ')[0]);
    await sensitivityUndo(deps, { id, by: 'Wang' });
    expect(lines.at(-1)).toBe(`lesson ${id} is undone; the home's sensitivity was -1 and is 0 now`);
    await expect(sensitivityUndo(deps, { id, by: 'Wang' })).rejects.toThrow('no lesson');
    await expect(sensitivityUndo(deps, { id: id + 1, by: 'Wang' })).rejects.toThrow('no lesson');
    expect(await lessonsOf(home)).toEqual(['0 to -1', '-1 to 0, undo']);
    const { rows } = await database.pool.query(`select actor, subject from audit_entry where action = 'lesson.undone'`);
    expect(rows).toEqual([{ actor: 'Wang', subject: `lesson ${id}` }]);
    expect((await story.timelineOf(home)).filter(({ type }) => type === 'sensitivity_changed')).toHaveLength(2);

    await alarm(1, STILL, ['false_alarm', LATE_RISER]);
    expect((await lessonsOf(home)).at(-1)).toBe('0 to -1');
  });

  it('refuses a home that does not exist, and nobody’s name', async () => {
    const { story } = await storyOf();
    const deps = { ...story.deps(), actor: 'li', print: () => undefined };
    await expect(sensitivityList(deps, { household: 'nowhere', limit: 9 })).rejects.toThrow('no household nowhere');
    await expect(sensitivityUndo(deps, { id: 1, by: ' ' })).rejects.toThrow('--by NAME');
  });
});
