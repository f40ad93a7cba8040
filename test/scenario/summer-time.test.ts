import { expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/alerting/finding.ts';
import { reasonFor } from '../../src/domain/alerting/reason.ts';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
/** The clocks in Vienna go forward in the night after this day. */
const SATURDAY = new Date('2026-03-28T11:00:00Z');

it('counts 24 hours and not one day while the clocks change, and names them by the clock on the wall', async () => {
  const street = neighbourhood(database, SATURDAY);
  const home = await street.home({
    code: 'SW-0015',
    timeZone: 'Europe/Vienna',
    people: { niece: { role: 'guardian', language: 'en' }, neighbour: { role: 'contact' } },
  });

  await street.hours(home, ...each(10, 8), ...each(23, 0));
  street.expectTexts();
  await street.hours(home, 0);
  street.expectTexts('neighbour', 'niece');

  const evidence = (await street.alertOf(home))?.['evidence'] as Evidence;
  const { rows } = await database.pool.query<{ zone: string }>('select time_zone as zone from household');
  expect(reasonFor(evidence, 'en', rows[0]!.zone)).toBe(
    'By 29 Mar 23:00, no water had been used for 24 h, since 28 Mar 22:00; nobody is left alone for longer than 24 h.',
  );
});
