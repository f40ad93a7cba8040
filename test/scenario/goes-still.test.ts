import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('tells a daughter and a neighbour when an old man uses no water for a day, and both again when he is found well', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0001',
    resident: '张伟',
    people: { daughter: { role: 'guardian', language: 'en' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });

  await street.hours(home, ...each(10, 8));
  await street.hours(home, ...each(23, 0));
  street.expectTexts();
  await street.hours(home, 0);
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'neighbour')).toContain('张*');
  expect(street.lastTextTo(home, 'daughter')).not.toMatch(/[一-龥]{2}/);

  await street.claims(home, 'neighbour');
  await street.minutes(20);
  street.expectTexts();

  await street.answers(home, 'neighbour', 'safe');
  street.expectTexts('daughter', 'neighbour');
  expect(await street.alertOf(home)).toMatchObject({ state: 'closed', close_outcome: 'safe' });
  await street.endsInSilence();
});
