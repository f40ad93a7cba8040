import { expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { policiesByCommunity, tierPolicies } from '../../src/detectors/tier-policy.ts';
import { reasonFor } from '../../src/domain/alerting/reason.ts';
import { useDatabase } from '../support/database.ts';
import { neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const FILE = JSON.stringify({
  tiers: { 1: { rules: [{ kind: 'low-use', name: '八小时零用水', windowHours: 8, floorLitres: 0 }] } },
});

it('texts for a rule that an authority wrote, and gives its name as the reason', async () => {
  const street = neighbourhood(database, MONDAY, tierPolicies(parsePolicyFile(FILE, 'policy.json').tiers));
  const home = await street.home({
    code: 'SW-0010',
    tier: 1,
    people: { neighbour: { role: 'contact' }, daughter: { role: 'guardian' } },
  });
  await street.hours(home, 12, 30, ...Array.from({ length: 7 }, () => 0));
  street.expectTexts();
  await street.hours(home, 0);
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'daughter')).toContain('8小时未用水');

  const alert = await street.alertOf(home);
  expect(alert).toMatchObject({ detector: 'low-use', severity: 'urgent' });
  const evidence = alert!['evidence'] as Parameters<typeof reasonFor>[0];
  expect(reasonFor(evidence, 'zh-CN', 'Asia/Shanghai')).toBe(
    '八小时零用水：截至3月2日18:00，8小时内未用水；最近一次用水：3月2日10:00。',
  );

  await street.hours(home, 15);
  const { rows } = await database.pool.query('select detector, ended_at from finding');
  expect(rows).toEqual([{ detector: 'low-use:八小时零用水', ended_at: street.clock.now() }]);
});

it('texts for a rule of one community in its homes alone', async () => {
  const rules = [{ kind: 'low-use', name: 'zero for 8 h', windowHours: 8, floorLitres: 0 }];
  const file = { tiers: {}, communities: { 'community of SW-0020': { 2: { rules } } } };
  const { tiers, communities } = parsePolicyFile(JSON.stringify(file), 'policy.json');
  const street = neighbourhood(database, MONDAY, policiesByCommunity(tiers, communities));
  const inside = await street.home({ code: 'SW-0020', people: { son: { role: 'guardian' } } });
  const outside = await street.home({ code: 'SW-0021', people: { niece: { role: 'guardian' } } });
  await street.hours(outside, 30, ...Array.from({ length: 9 }, () => 0));
  street.expectTexts();
  const hour = (n: number) => new Date(MONDAY.getTime() + n * 3_600_000);
  await street.uploads(
    inside,
    Array.from({ length: 10 }, (_, i) => ({ at: hour(i + 1), indexLitres: 10_030 })),
  );
  street.expectTexts('son');
});
