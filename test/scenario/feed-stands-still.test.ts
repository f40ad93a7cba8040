import { expect, it } from 'vitest';
import { DEFAULT_AREA_POLICY } from '../../src/domain/area/area-policy.ts';
import { escalateDueAlerts } from '../../src/alerts/escalate-due-alerts.ts';
import { useDatabase } from '../support/database.ts';
import { areaTown, MORNING } from '../support/area-town.ts';

const database = useDatabase();
const areas = { ...DEFAULT_AREA_POLICY, leastHomes: 10_000, canaries: { meters: ['M-A99'], lateMinutes: 4 } };
const minute = (n: number) => new Date(MORNING.getTime() + n * 60_000);

it('tells the desk within five minutes that no readings come in, lets alerts wait for two hours at most, and takes nobody for ill', async () => {
  const town = areaTown(database, 12, areas);
  await town.settle();
  await town.query(`insert into meter (serial, nominal_interval_s) values ('M-A99', 60)`);
  const sing = (n: number) =>
    town.query(
      `insert into register_reading (meter_id, read_at, index_l, received_at)
       select id, $1, 0, $1 from meter where serial = 'M-A99'`,
      [minute(n)],
    );
  // Home 4 has used nothing since the first hour; its alert is due at the eighth.
  const litres = '(case when n = 4 then least(h, 0) else h end + 100) / 2 * 10';
  await town.report(-14, 7, litres, 'n < 90');
  for (const n of [410, 419]) await sing(n);
  await town.at(420);
  expect(town.newTexts()).toEqual([]);

  await town.at(422);
  expect(await town.outages()).toEqual([]);
  await town.at(423);
  expect(town.newTexts()).toEqual([
    '【静水】全部住户：12户中12户收不到水表数据。无用水预警暂缓至3月3日17:03，届时自动发出。',
  ]);
  expect(await town.outages()).toMatchObject([{ cause: 'feed', scope_kind: 'everywhere', ended_by: null }]);

  // One gateway still delivers: what it tells of home 4 waits, and is raised when the time is up.
  await town.report(8, 8, litres, 'n = 4');
  for (const n of [480, 500, 542]) await town.at(n);
  expect(await town.alerts()).toEqual([]);
  expect(await town.holds()).toEqual([{ cause: 'outage', released_as: null, count: 1 }]);
  await town.at(543);
  expect(await town.alerts()).toEqual(['A4']);
  expect(town.newTexts()).toHaveLength(1);

  // For six hours nothing is heard; an alert that is open goes on all the same.
  await town.at(783);
  expect(town.newTexts()).toEqual([]);
  expect(await escalateDueAlerts(town.deps)).toBeGreaterThan(0);
  expect(await town.alerts()).toEqual(['A4']);

  await sing(784);
  await town.report(9, 13, litres, 'n < 90 and n <> 4');
  await town.at(785);
  await town.at(786);
  expect(await town.outages()).toMatchObject([{ cause: 'feed', ended_by: 'recovered' }]);
  expect(await town.alerts()).toEqual(['A4']);
});
