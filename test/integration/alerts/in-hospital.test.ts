import { expect, it } from 'vitest';
import { correctVerification } from '../../../src/alerts/correct-verification.ts';
import { alertStories, minute } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import type { Home } from '../../support/town.ts';

const database = useDatabase();
const DAY = 24 * 60;
const absences = async (home: Home) => {
  const text = 'select away_from, away_until, declared_by, ended_at from absence where household_id = $1 order by id';
  return (await database.pool.query(text, [home.id])).rows as Record<string, unknown>[];
};

it('writes that a home is empty for seven days, by whose word, when its person is in hospital, and of no other false alarm', async () => {
  const story = alertStories(database);
  const [home, other] = [await story.home(), await story.home()];
  for (const each of [home, other]) await story.raise(each);
  await story.answer(home, 'daughter', 'false_alarm', { cause: 'hospital' });
  await story.answer(other, 'daughter', 'false_alarm', { cause: 'away' });

  const declaredBy = story.idOf(home, 'daughter');
  expect(await absences(home)).toEqual([
    { away_from: minute(0), away_until: minute(7 * DAY), declared_by: declaredBy, ended_at: null },
  ]);
  expect(await absences(other)).toEqual([]);
  const verified = (await story.timelineOf(home)).find(({ type }) => type === 'verified');
  expect(verified).toMatchObject({ detail: { cause: 'hospital', awayUntil: minute(7 * DAY).toISOString() } });
});

it('takes it back with the answer, and writes none while somebody else has called for help', async () => {
  const story = alertStories(database);
  const [home, other] = [await story.home(), await story.home()];
  const { alertId } = await story.raise(home);
  await story.answer(home, 'daughter', 'false_alarm', { cause: 'hospital' });
  const given = { alertId, personId: story.idOf(home, 'daughter'), method: 'phone', note: '' } as const;
  story.clock.advanceTo(minute(5));
  await correctVerification(story.deps(), { ...given, outcome: 'safe' });
  expect(await absences(home)).toMatchObject([{ ended_at: minute(5) }]);

  await story.raise(other);
  await story.answer(other, 'neighbour', 'needs_help');
  await story.answer(other, 'daughter', 'false_alarm', { cause: 'hospital' });
  expect(await absences(other)).toEqual([]);
});
