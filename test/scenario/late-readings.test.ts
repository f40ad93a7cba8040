import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const hourOf = (hour: number) => new Date(MONDAY.getTime() + hour * 3_600_000);

it('takes an alarm back when readings come late that show a tap was used, and tells all who were asked', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0012',
    people: {
      daughter: { role: 'guardian' },
      son: { role: 'guardian', position: 2 },
      neighbour: { role: 'contact' },
      desk: { role: 'desk' },
    },
  });
  // Three litres ran in two hours of which a reading was lost on the way: not enough to say that somebody was there.
  await street.hours(home, ...each(10, 8), 0);
  await street.minutes(60);
  await street.hours(home, 3, ...each(20, 0));
  street.expectTexts();
  await street.hours(home, 0);
  street.expectTexts('daughter', 'neighbour');
  await street.minutes(15);
  street.expectTexts('son');
  await street.claims(home, 'neighbour');

  await street.uploads(home, [{ at: hourOf(12), indexLitres: 10_083 }]);
  street.expectTexts('daughter', 'neighbour', 'son');
  expect(await street.alertOf(home)).toMatchObject({ state: 'closed', close_outcome: 'late_data' });
  await street.minutes(60);
  await street.endsInSilence();
});
