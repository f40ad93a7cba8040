import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const DAY = 24;

it('asks once when somebody has gone away without a word, keeps quiet until they should be back, and asks again then', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0006',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });

  await street.hours(home, ...each(10, 8), ...each(DAY, 0));
  street.expectTexts('daughter', 'neighbour');
  const backOn = new Date(street.clock.now().getTime() + 3 * DAY * 3_600_000);
  await street.answers(home, 'daughter', 'away', { method: 'phone', awayUntil: backOn });
  street.expectTexts('daughter', 'neighbour');

  await street.hours(home, ...each(3 * DAY, 0));
  street.expectTexts();
  await street.hours(home, ...each(DAY - 1, 0));
  street.expectTexts();
  await street.hours(home, 0);
  street.expectTexts('daughter', 'neighbour');
  expect(await street.alertOf(home)).toMatchObject({ state: 'open', detector: 'inactivity' });
});

it('takes water in an empty home for a return, as of when it ran, tells whoever had said they were away, and watches on', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0061',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });
  await street.hours(home, ...each(10, 8), ...each(DAY, 0));
  street.expectTexts('daughter', 'neighbour');
  const backOn = new Date(street.clock.now().getTime() + 6 * DAY * 3_600_000);
  await street.answers(home, 'daughter', 'away', { method: 'phone', awayUntil: backOn });
  street.expectTexts('daughter', 'neighbour');

  await street.hours(home, ...each(DAY, 1), ...each(DAY, 0));
  street.expectTexts();
  await street.hours(home, 12);
  street.expectTexts('daughter');
  expect(street.lastTextTo(home, 'daughter')).toContain('又有用水');
  const { rows } = await database.pool.query('select ended_at, ended_by from absence where household_id = $1', [
    home.id,
  ]);
  expect(rows).toEqual([{ ended_at: street.clock.now(), ended_by: 'water' }]);

  await street.hours(home, ...each(DAY, 0));
  street.expectTexts('daughter', 'neighbour');
});
