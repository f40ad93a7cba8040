import { expect, it } from 'vitest';
import { insertAbsence } from '../../../src/db/absences.ts';
import { loadHomes } from '../../../src/detectors/load-homes.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { undoLesson } from '../../../src/alerts/undo-lesson.ts';
import { alertStories, LOW_USE, minute, START } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const HOUR = 60;

it('judges a home by what its answers have taught and by its absences, each from its own time on', async () => {
  const story = alertStories(database);
  const [home, other] = [await story.home(), await story.home()];
  const learnedOf = async ({ id }: { id: number }) => {
    const wanted = [{ householdId: id, changedFrom: START }];
    const [loaded] = await loadHomes(database.pool, wanted, tierPolicies(), story.clock.now());
    return loaded!.series.learned;
  };
  await story.raise(home, LOW_USE);
  story.clock.advanceTo(minute(HOUR));
  await story.answer(home, 'desk', 'needs_help');
  const run = {
    fromMs: minute(-24 * HOUR).getTime(),
    untilMs: START.getTime(),
    knownFromMs: minute(HOUR).getTime(),
    knownUntilMs: Infinity,
  };
  expect(await learnedOf(home)).toEqual({ steps: [{ atMs: minute(HOUR).getTime(), step: 1 }], leftOut: [run] });
  expect(await learnedOf(other)).toEqual({ steps: [], leftOut: [] });

  story.clock.advanceTo(minute(2 * HOUR));
  const { rows } = await database.pool.query<{ id: number }>('select id from lesson where household_id = $1', [
    home.id,
  ]);
  await undoLesson(story.deps(), { id: rows[0]!.id, by: 'Wang' });
  const [awayFrom, awayUntil] = [minute(3 * HOUR), minute(9 * HOUR)];
  await insertAbsence(database.pool, {
    householdId: home.id,
    awayFrom,
    awayUntil,
    declaredBy: undefined,
    source: 'operator',
  });
  const undoneMs = minute(2 * HOUR).getTime();
  expect(await learnedOf(home)).toEqual({
    steps: [
      { atMs: minute(HOUR).getTime(), step: 1 },
      { atMs: undoneMs, step: 0 },
    ],
    leftOut: [
      { ...run, knownUntilMs: undoneMs },
      {
        fromMs: awayFrom.getTime(),
        untilMs: awayUntil.getTime(),
        knownFromMs: awayFrom.getTime(),
        knownUntilMs: Infinity,
      },
    ],
  });
});
