import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('asks one after the other when nobody answers, and the desk until somebody closes it', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0002',
    people: {
      daughter: { role: 'guardian' },
      son: { role: 'guardian', position: 2 },
      neighbour: { role: 'contact' },
      supervisor: { role: 'supervisor' },
      desk: { role: 'desk' },
    },
  });

  await street.hours(home, ...each(10, 8), ...each(24, 0));
  street.expectTexts('daughter', 'neighbour');
  await street.minutes(15);
  street.expectTexts('son');
  await street.minutes(15);
  street.expectTexts('supervisor');
  await street.minutes(15);
  street.expectTexts('desk');
  await street.minutes(60);
  street.expectTexts('desk', 'desk', 'desk', 'desk');

  await street.answers(home, 'desk', 'safe');
  street.expectTexts('daughter', 'desk', 'neighbour', 'son', 'supervisor');
  await street.minutes(60);
  await street.endsInSilence();
  expect(await street.alertOf(home)).toMatchObject({ state: 'closed' });
});
