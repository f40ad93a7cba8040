import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';
import { hourlyReadings } from '../support/readings.ts';
import type { Home } from '../support/town.ts';

const [standstill, broken, month, silence] = [useDatabase(), useDatabase(), useDatabase(), useDatabase()];
const MONDAY = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const people = { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } } as const;
const awake = [...each(16, 9), ...each(8, 0)];

/** A meter's readings of so many hours, from the register with which every home begins. */
const meterReads = (...litresByHour: number[]) => hourlyReadings(MONDAY, litresByHour, 10_000);
const at = (hour: number) => new Date(MONDAY.getTime() + hour * HOUR_MS);

async function homesOf<Name extends string>(street: ReturnType<typeof neighbourhood>, ...names: readonly Name[]) {
  const homes = {} as Record<Name, Home>;
  for (const name of names) homes[name] = await street.home({ code: name, people });
  return homes;
}

it('catches up after standing still for two days: nothing for what is over, once for what is still true', async () => {
  const street = neighbourhood(standstill, MONDAY);
  const homes = await homesOf(street, 'ordinary', 'was-still', 'is-still', 'ran', 'runs');
  // 24 hours as ever, and then 48 in which the service stood still and the meters did not.
  const lived: Record<keyof typeof homes, number[]> = {
    ordinary: [...awake, ...awake, ...awake],
    'was-still': [...awake, ...each(30, 0), ...each(18, 9)],
    'is-still': [...awake, ...each(10, 9), ...each(38, 0)],
    ran: [...awake, ...each(8, 300), ...each(4, 0), ...awake, ...each(12, 9)],
    runs: [...awake, ...awake, ...each(20, 9), ...each(4, 300)],
  };
  const entries = Object.entries(homes) as [keyof typeof homes, Home][];
  for (const [name, home] of entries) await street.uploads(home, meterReads(...lived[name]).slice(1, 25), at(24));
  street.clock.advanceTo(at(72));
  // What the broker kept comes in the order in which it was sent, and detectors look while it does.
  for (let hour = 24; hour < 72; hour += 6) {
    for (const [name, home] of entries) {
      await street.uploads(home, meterReads(...lived[name]).slice(hour + 1, hour + 7));
    }
  }

  street.expectTexts('daughter', 'daughter', 'neighbour', 'neighbour');
  for (const name of ['ordinary', 'was-still', 'ran'] as const) {
    expect(await street.alertOf(homes[name]), name).toBeUndefined();
  }
  expect(await street.alertOf(homes['is-still'])).toMatchObject({ state: 'open', detector: 'inactivity' });
  expect(await street.alertOf(homes.runs)).toMatchObject({ state: 'open', detector: 'running-water' });
  for (const [name, detector] of [
    ['was-still', 'inactivity'],
    ['ran', 'running-water'],
  ] as const) {
    const { rows } = await standstill.pool.query(
      'select detector, ended_at is not null as over, alert_id from finding where household_id = $1 and withdrawn_at is null',
      [homes[name].id],
    );
    expect(rows, name).toContainEqual({ detector, over: true, alert_id: null });
  }
  await street.endsInSilence();
});

it('waits ten minutes with old news, in case newer ones are on their way, and no longer', async () => {
  const street = neighbourhood(broken, MONDAY);
  const { still } = await homesOf(street, 'still');
  await street.uploads(still, meterReads(...awake, ...each(20, 0)).slice(1), at(50));
  await street.minutes(9);
  street.expectTexts();
  await street.minutes(1);
  street.expectTexts('daughter', 'neighbour');
  await street.minutes(5);
  await street.endsInSilence();
});

it('texts nobody when the readings of thirty days come at once', async () => {
  const street = neighbourhood(month, MONDAY);
  const homes = await homesOf(street, 'first', 'second', 'third');
  street.clock.advanceTo(at(30 * 24));
  const eventful = [...awake, ...each(30, 0), ...each(10, 9), ...each(5, 300), ...each(3, 0)];
  const lived = [...Array.from({ length: 9 }, () => eventful).flat(), ...awake, ...awake, ...awake];
  const readings = meterReads(...lived);
  expect(readings).toHaveLength(30 * 24 + 1);

  await street.uploads(homes.first, readings);
  for (let day = 29; day >= 0; day -= 1) await street.uploads(homes.second, readings.slice(day * 24, day * 24 + 25));
  for (let hour = 0; hour < readings.length; hour += 60) {
    await street.uploads(homes.third, readings.slice(hour, hour + 60));
  }

  street.expectTexts();
  const found = async (home: Home) =>
    (
      await month.pool.query(
        `select detector, began_at, ended_at from finding where household_id = $1 and withdrawn_at is null
         order by 1, 2`,
        [home.id],
      )
    ).rows as { detector: string }[];
  const expected = await found(homes.first);
  expect(new Set(expected.map(({ detector }) => detector))).toEqual(new Set(['inactivity', 'running-water']));
  expect(await found(homes.second)).toEqual(expected);
  expect(await found(homes.third)).toEqual(expected);
  await street.endsInSilence();
});

it('takes its own silence of six hours for no sign of anybody, and goes on afterwards where it was', async () => {
  const street = neighbourhood(silence, MONDAY);
  const homes = await homesOf(street, 'dry', 'ordinary-at-home');
  for (let hour = 0; hour < 20; hour += 1) await street.hours(homes['ordinary-at-home'], 9);
  const dry = meterReads(9, ...each(40, 0));
  await street.uploads(homes.dry, dry.slice(1, 21));
  const verdicts = async () =>
    (
      await silence.pool.query('select verdict from home_watch where household_id = any ($1) order by household_id', [
        Object.values(homes).map(({ id }) => id),
      ])
    ).rows as unknown[];
  const before = await verdicts();

  await street.minutes(6 * 60);
  street.expectTexts();
  expect(await verdicts()).toEqual(before);

  await street.uploads(homes.dry, dry.slice(21, 27));
  street.expectTexts('daughter', 'neighbour');
  await street.endsInSilence();
});
