import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('sends nobody to the door because a meter has fallen silent: that is a job for whoever mends meters', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0004',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });

  await street.hours(home, ...each(10, 8));
  await street.minutes(25 * 60);
  expect(await street.ticketsOf(home)).toBe(0);
  await street.minutes(60);
  expect(await street.ticketsOf(home)).toBe(1);

  await street.minutes(48 * 60);
  street.expectTexts();
  expect(await street.alertOf(home)).toBeUndefined();

  await street.hours(home, 8);
  expect(await street.ticketsOf(home)).toBe(0);
  await street.endsInSilence();
});
