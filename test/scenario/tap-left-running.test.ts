import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');

it('sends somebody to a home whose tap has run for two hours, and stays open when the water stops by itself', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0003',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });

  await street.hours(home, ...each(8, 6), 230);
  street.expectTexts();
  await street.hours(home, 240);
  street.expectTexts('daughter', 'neighbour');
  expect(await street.alertOf(home)).toMatchObject({ detector: 'running-water', severity: 'warning' });

  await street.hours(home, 2);
  expect(await street.alertOf(home)).toMatchObject({ state: 'open', recovered_at: street.clock.now() });

  await street.answers(home, 'neighbour', 'false_alarm', { cause: 'cleaning' });
  expect(await street.alertOf(home)).toMatchObject({ state: 'closed', close_cause: 'cleaning' });
});
