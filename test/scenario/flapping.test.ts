import { expect, it } from 'vitest';
import { noteRecovery } from '../../src/alerts/note-recovery.ts';
import { createLogger } from '../../src/core/logger.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../src/domain/alerting/escalation-policy.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const [tap, floor, slowly] = [useDatabase(), useDatabase(), useDatabase()];
const MONDAY = new Date('2026-03-02T00:00:00Z');
const MINUTE_MS = 60_000;
const everyRule = {
  escalation: { ...DEFAULT_ESCALATION_POLICY, claimLapsesAfterMinutes: 180 },
};
const policies = tierPolicies({ 2: everyRule });
const people = { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } } as const;

it('makes one alert and one text each of a tap that crosses the threshold nine times each way in an hour', async () => {
  const street = neighbourhood(tap, MONDAY, policies);
  const home = await street.home({ code: 'SW-0100', people });
  await street.hours(home, 210, 210);
  street.expectTexts('daughter', 'neighbour');
  await street.claims(home, 'neighbour');
  const index = 10_420;
  const from = street.clock.now().getTime();
  let litres = 0;
  for (let crossing = 1; crossing <= 18; crossing += 1) {
    street.clock.advanceTo(new Date(from + crossing * 3 * MINUTE_MS));
    // Three minutes at 240 or 60 litres an hour, by turns.
    litres += crossing % 2 === 0 ? 12 : 3;
    await street.uploads(home, [{ at: street.clock.now(), indexLitres: index + litres }]);
  }

  const { rows } = await tap.pool.query('select count(*)::int as alerts from alert where household_id = $1', [home.id]);
  expect(rows).toEqual([{ alerts: 1 }]);
  street.expectTexts();
  await street.minutes(20);
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'daughter')).toContain('水已停流');
});

it('makes one alert and one text each of a home that hovers about the floor of the rule', async () => {
  const street = neighbourhood(floor, MONDAY, policies);
  const home = await street.home({ code: 'SW-0101', people });
  await street.hours(home, ...each(6, 3), ...each(24, 0));
  street.expectTexts('daughter', 'neighbour');
  await street.claims(home, 'neighbour');
  const from = street.clock.now().getTime();
  let index = 10_018;
  for (let crossing = 1; crossing <= 10; crossing += 1) {
    street.clock.advanceTo(new Date(from + crossing * 5 * MINUTE_MS));
    index += crossing % 3 === 0 ? 2 : 0;
    await street.uploads(home, [{ at: street.clock.now(), indexLitres: index }]);
  }

  const { rows } = await floor.pool.query('select state from alert where household_id = $1', [home.id]);
  expect(rows).toEqual([{ state: 'claimed' }]);
  street.expectTexts();
});

it('tells each person at most once an hour that the water is back, and that it is gone again only when they were', async () => {
  const street = neighbourhood(slowly, MONDAY, policies);
  const home = await street.home({ code: 'SW-0102', people });
  await street.hours(home, ...each(6, 3), ...each(24, 0));
  street.expectTexts('daughter', 'neighbour');
  await street.claims(home, 'neighbour');
  const alertId = (await street.alertOf(home))?.['id'] as number;
  const water = (recovered: boolean) =>
    noteRecovery({ pool: slowly.pool, clock: street.clock, log: createLogger('silent') }, { alertId, recovered });

  await street.minutes(60);
  await water(true);
  await street.minutes(10);
  street.expectTexts();
  await water(false);
  await street.minutes(20);
  street.expectTexts();
  await water(true);
  await street.minutes(15);
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'daughter')).toContain('又有用水');
  await water(false);
  await street.minutes(5);
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'daughter')).toContain('请致电');
  for (let crossing = 0; crossing < 4; crossing += 1) {
    await water(crossing % 2 === 0);
    await street.minutes(5);
  }
  street.expectTexts();
});
