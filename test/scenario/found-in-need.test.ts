import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('calls the desk and every guardian when a neighbour finds somebody in need of help, and lets only them end it', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0005',
    people: {
      daughter: { role: 'guardian' },
      son: { role: 'guardian', position: 2 },
      neighbour: { role: 'contact' },
      desk: { role: 'desk' },
    },
  });

  await street.hours(home, ...each(10, 8), ...each(24, 0));
  street.expectTexts('daughter', 'neighbour');
  await street.answers(home, 'neighbour', 'needs_help');
  street.expectTexts('daughter', 'desk', 'son');

  await street.answers(home, 'daughter', 'safe', { method: 'phone' });
  expect(await street.alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });
  await street.minutes(15);
  street.expectTexts('desk');

  await street.answers(home, 'desk', 'safe');
  street.expectTexts('daughter', 'desk', 'neighbour', 'son');
  await street.endsInSilence();
});
