import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';
import { hourlyReadings } from '../support/readings.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const DAY_MS = 86_400_000;

it('finds out at the next upload of a meter that reports once a day, and calls the meter silent at no time', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0014',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });
  const habits = [...each(7, 0), ...each(15, 6), ...each(2, 0)];
  const lived = [...habits, ...habits, ...each(9, 0), 40, ...each(50, 0)];
  const register = hourlyReadings(MONDAY, lived, 10_000);
  /** A day's readings come in some time after midnight. */
  const day = async (number: number, lateHours: number) => {
    const until = MONDAY.getTime() + number * DAY_MS + lateHours * 3_600_000;
    await street.minutes((until - street.clock.now().getTime()) / 60_000);
    await street.uploads(home, register.slice((number - 1) * 24, number * 24 + 1));
  };

  await day(1, 1);
  await day(2, 2);
  await day(3, 1);
  await street.uploads(home, register.slice(48, 73));
  street.expectTexts();
  await day(4, 1.5);
  street.expectTexts('daughter', 'neighbour');
  expect(await street.alertOf(home)).toMatchObject({
    detector: 'inactivity',
    evidence: { sinceMs: register[58]!.at.getTime(), asOfMs: register[82]!.at.getTime() },
  });
  const { rows } = await database.pool.query('select 1 from ticket');
  expect(rows).toEqual([]);
});
