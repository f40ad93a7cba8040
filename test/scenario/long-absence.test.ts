import { expect, it } from 'vitest';
import { insertAbsence } from '../../src/db/absences.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import { useDatabase } from '../support/database.ts';
import { neighbourhood } from '../support/neighbourhood.ts';
import type { Home } from '../support/town.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const DAY = 24;
/** The meter reads every hour and sends them together so often. */
const UPLOAD_HOURS = 6;
const people = { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } } as const;

/** A home of the street, the alerts it ever had, and hours that pass there with the same water in each. */
async function homeOf(code: string) {
  const street = neighbourhood(database, MONDAY);
  const home: Home = await street.home({ code, people });
  let indexLitres = 10_000;
  return {
    street,
    home,
    hours: async (count: number, litres: number) => {
      for (let passed = 0; passed < count; passed += UPLOAD_HOURS) {
        const fromMs = street.clock.now().getTime();
        const readings = Array.from({ length: Math.min(UPLOAD_HOURS, count - passed) }, (_, i) => {
          indexLitres += litres;
          return { at: new Date(fromMs + (i + 1) * HOUR_MS), indexLitres };
        });
        street.clock.advanceTo(readings.at(-1)!.at);
        await street.uploads(home, readings);
      }
    },
    alerts: async (): Promise<number> => {
      const { rows } = await database.pool.query('select 1 from alert where household_id = $1', [home.id]);
      return rows.length;
    },
  };
}

it('raises nothing while an announced absence of two weeks lasts, and one alert when nobody has come back a day later', async () => {
  const { street, home, hours, alerts } = await homeOf('SW-0141');
  await hours(12, 8);
  const awayFrom = street.clock.now();
  const awayUntil = new Date(awayFrom.getTime() + 14 * DAY * HOUR_MS);
  const source = 'operator';
  await insertAbsence(database.pool, { householdId: home.id, awayFrom, awayUntil, declaredBy: undefined, source });

  await hours(14 * DAY + 18, 0);
  expect(await alerts()).toBe(0);
  street.expectTexts();
  await hours(6, 0);
  expect(await alerts()).toBe(1);
  await street.answers(home, 'neighbour', 'could_not_reach');
  await hours(4 * DAY, 0);
  expect(await alerts()).toBe(1);
});

it('raises one alert for two weeks of which nobody had been told, however often nobody is reached', async () => {
  const { street, home, hours, alerts } = await homeOf('SW-0142');
  await hours(12, 8);
  await hours(DAY, 0);
  expect(await alerts()).toBe(1);

  for (let day = 1; day < 14; day += 1) {
    await street.answers(home, 'neighbour', 'could_not_reach');
    await hours(DAY, 0);
  }
  expect(await alerts()).toBe(1);
  await hours(6, 30);
  await street.answers(home, 'neighbour', 'safe');
  await hours(DAY, 5);
  expect(await alerts()).toBe(1);
});

it('raises no second alert for two weeks, where whoever is asked says until when they are away', async () => {
  const { street, home, hours, alerts } = await homeOf('SW-0143');
  await hours(12, 8);
  await hours(DAY, 0);
  const awayUntil = new Date(street.clock.now().getTime() + 13 * DAY * HOUR_MS);
  await street.answers(home, 'daughter', 'away', { awayUntil });
  await hours(13 * DAY + 12, 0);
  await hours(12, 20);
  expect(await alerts()).toBe(1);
});

it('takes a home for empty for seven days when its person is in hospital, asks again a day later, and ends it with water', async () => {
  const { street, home, hours, alerts } = await homeOf('SW-0144');
  await hours(12, 8);
  await hours(DAY, 0);
  expect(await alerts()).toBe(1);
  await street.answers(home, 'daughter', 'false_alarm', { method: 'phone', cause: 'hospital' });
  await hours(7 * DAY + 18, 0);
  expect(await alerts()).toBe(1);
  await hours(6, 0);
  expect(await alerts()).toBe(2);

  await street.answers(home, 'daughter', 'false_alarm', { method: 'phone', cause: 'hospital' });
  await hours(6, 0);
  await hours(6, 12);
  expect(street.lastTextTo(home, 'daughter')).toContain('又有用水，登记的时段已自动结束');
});
