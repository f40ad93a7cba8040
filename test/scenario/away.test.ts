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
