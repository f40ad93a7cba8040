import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { addMeter, removeMeter } from '../support/meters.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('counts the day without water right through a change of meter, and is not misled by the new dial', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0007',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });
  await street.hours(home, ...each(10, 8), ...each(12, 0));

  await street.minutes(30);
  await removeMeter(database.pool, home, street.clock.now());
  const renewed = await addMeter(database.pool, home, street.clock.now());
  await street.uploads(renewed, [{ at: street.clock.now(), indexLitres: 0 }]);
  await street.hours(renewed, ...each(11, 0));
  street.expectTexts();
  await street.hours(renewed, 0);
  street.expectTexts('daughter', 'neighbour');

  await street.hours(renewed, 9);
  expect(await street.alertOf(home)).toMatchObject({ state: 'open', recovered_at: street.clock.now() });
  await street.answers(home, 'neighbour', 'safe');
  expect(await street.ticketsOf(home)).toBe(0);
});
