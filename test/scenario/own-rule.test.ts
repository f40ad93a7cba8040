import { expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
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
  expect(street.lastTextTo(home, 'daughter')).toContain('8小时用水0升');

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
