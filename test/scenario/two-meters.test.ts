import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { addMeter } from '../support/meters.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;

it('takes water in the garden house for a sign of life, and speaks only when both meters stand still', async () => {
  const street = neighbourhood(database, MONDAY);
  const house = await street.home({
    code: 'SW-0009',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });
  const garden = await addMeter(database.pool, house, MONDAY);
  let gardenLitres = 700;
  await street.uploads(garden, [{ at: MONDAY, indexLitres: gardenLitres }]);

  /** Hours in which nothing runs in the house; the garden's meter is read a quarter past. */
  const quietHours = async (...gardenByHour: number[]) => {
    for (const volume of gardenByHour) {
      await street.hours(house, 0);
      gardenLitres += volume;
      const at = new Date(street.clock.now().getTime() - HOUR_MS * 0.75);
      await street.uploads(garden, [{ at, indexLitres: gardenLitres }]);
    }
  };

  await quietHours(...each(15, 0).flatMap((dry) => [dry, 12]));
  street.expectTexts();
  await quietHours(...each(23, 0));
  street.expectTexts();
  await quietHours(0);
  street.expectTexts('daughter', 'neighbour');
  expect(await street.alertOf(house)).toMatchObject({ detector: 'inactivity', state: 'open' });
});
