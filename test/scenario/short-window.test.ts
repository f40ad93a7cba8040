import { expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const FILE = JSON.stringify({
  tiers: {
    1: {
      lowUse: { windowHours: 12, floorLitres: 10, minCoverage: 0.9 },
      escalation: {
        name: 'straight to the desk',
        steps: [
          { afterMinutes: 0, ask: [{ role: 'guardian', position: 1 }] },
          { afterMinutes: 5, ask: [{ role: 'desk', position: 1 }] },
        ],
        repeatLastEveryMinutes: 10,
        claimLapsesAfterMinutes: 15,
      },
    },
  },
});

it('watches those at high risk by the authority’s own rule, and everybody else by the usual one', async () => {
  const street = neighbourhood(database, MONDAY, tierPolicies(parsePolicyFile(FILE, 'policy.json').tiers));
  const people = { neighbour: { role: 'contact' } } as const;
  const frail = await street.home({
    code: 'SW-0010',
    tier: 1,
    people: { ...people, daughter: { role: 'guardian' }, desk: { role: 'desk' } },
  });
  const hale = await street.home({ code: 'SW-0011', people: { ...people, son: { role: 'guardian' } } });
  const readings = (hours: number[]) => {
    let indexLitres = 10_000;
    return hours.map((volume, i) => {
      indexLitres += volume;
      return { at: new Date(MONDAY.getTime() + (i + 1) * 3_600_000), indexLitres };
    });
  };
  const lived = readings([...each(9, 8), 10, ...each(11, 0)]);

  await street.minutes(21 * 60);
  for (const home of [frail, hale]) await street.uploads(home, lived);
  street.expectTexts();
  await street.minutes(60);
  for (const home of [frail, hale]) {
    await street.uploads(home, [{ at: street.clock.now(), indexLitres: lived.at(-1)!.indexLitres }]);
  }
  street.expectTexts('daughter');
  expect(street.lastTextTo(frail, 'daughter')).toContain('12小时未用水');
  await street.minutes(5);
  street.expectTexts('desk');
  await street.minutes(10);
  street.expectTexts('desk');
  expect(await street.alertOf(hale)).toBeUndefined();
});
