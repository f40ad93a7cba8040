import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('keeps one alert for a home where a tap ran on and then nothing ran at all, and makes it graver', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0013',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' } },
  });

  await street.hours(home, ...each(8, 6), 230, 240);
  street.expectTexts('daughter', 'neighbour');
  await street.claims(home, 'neighbour');
  await street.hours(home, ...each(23, 0));
  expect(await street.alertOf(home)).toMatchObject({ detector: 'running-water', severity: 'warning' });
  expect((await street.alertOf(home))?.['recovered_at']).toBeInstanceOf(Date);
  // That the water has stopped; and to the neighbour that their time on the way is up.
  street.expectTexts('daughter', 'neighbour', 'neighbour');

  await street.hours(home, 0);
  const { rows } = await database.pool.query('select severity, detector, state, recovered_at from alert');
  expect(rows).toEqual([{ severity: 'urgent', detector: 'inactivity', state: 'open', recovered_at: null }]);
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'daughter')).toContain('24小时未用水');

  await street.answers(home, 'daughter', 'safe', { method: 'phone' });
  street.expectTexts('daughter', 'neighbour');
  await street.endsInSilence();
});
