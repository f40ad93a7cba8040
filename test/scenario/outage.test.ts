import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { areaTown } from '../support/area-town.ts';

const database = useDatabase();
const HOMES = 5_000;
/** Ten people, of all tiers, use no water from four hours before the morning on. */
const IN_TROUBLE = Array.from({ length: 10 }, (_, i) => 400 * i + 7);
const isInTrouble = `n in (${IN_TROUBLE.join(',')})`;

it('takes 5,000 homes without water for one outage, lets all texts wait, and finds ten people in trouble when the time is up', async () => {
  const town = areaTown(database, HOMES);
  await town.settle();
  // Everybody uses 10 L every two hours; ten people stop at -4. At 0 the main bursts; by 6 it is mended.
  await town.report(-14, 0, `(case when ${isInTrouble} then least(h, -4) else h end + 100) / 2 * 10`);
  await town.at(0);
  expect(town.newTexts()).toEqual([]);

  await town.report(1, 3, `(case when ${isInTrouble} then -4 else 0 end + 100) / 2 * 10`);
  await town.at(180);
  const [told, ...others] = town.newTexts();
  expect(others).toEqual([]);
  expect(told).toMatchInlineSnapshot(
    `"【静水】lane：5000户中5000户同时停水。无用水预警暂缓至3月3日13:00，届时自动发出。"`,
  );
  expect(await town.outages()).toMatchObject([{ cause: 'dry', scope_kind: 'community', homes: HOMES }]);

  await town.report(4, 4, `(case when ${isInTrouble} then -4 else 0 end + 100) / 2 * 10`);
  for (const minutes of [240, 270, 299]) await town.at(minutes);
  expect(town.newTexts()).toEqual([]);
  expect(await town.alerts()).toEqual([]);
  expect(await town.holds()).toEqual([{ cause: 'outage', released_as: null, count: 10 }]);

  await town.at(300);
  expect((await town.alerts()).toSorted()).toEqual(IN_TROUBLE.map((n) => `A${n}`).toSorted());
  expect(town.newTexts().filter((text) => text.includes('请走访'))).toHaveLength(10);
  expect(await town.holds()).toEqual([{ cause: 'outage', released_as: 'raised', count: 10 }]);

  await town.report(6, 6, `(case when ${isInTrouble} then -4 else 2 end + 100) / 2 * 10`);
  await town.at(360);
  await town.at(361);
  expect(town.newTexts()).toEqual([]);
  expect(await town.outages()).toMatchObject([{ ended_by: 'recovered' }]);
}, 240_000);
