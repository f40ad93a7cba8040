import { expect, it } from 'vitest';
import { enterWorks } from '../../src/detectors/areas/enter-works.ts';
import { DEFAULT_AREA_POLICY } from '../../src/domain/area/area-policy.ts';
import { useDatabase } from '../support/database.ts';
import { areaTown, MORNING } from '../support/area-town.ts';

/** Outages are another story: here no number of homes is one. */
const NO_OUTAGES = { ...DEFAULT_AREA_POLICY, leastHomes: 10_000 };
const hour = (n: number) => new Date(MORNING.getTime() + n * 3_600_000);

function tiersOf(codes: readonly string[]): number[] {
  return codes.map((code) => 1 + (Number(code.slice(1)) % 3));
}

const abroad = useDatabase();
it('lets a town that has gone away for the holidays queue: the first tier at once, the others within hours, nobody never', async () => {
  const town = areaTown(abroad, 90, NO_OUTAGES);
  await town.settle();
  await town.report(-14, 0, '(h + 100) / 2 * 10');
  await town.at(0);
  await town.report(1, 8, '100 / 2 * 10');
  await town.at(480);
  const first = await town.alerts();
  expect(new Set(tiersOf(first))).toEqual(new Set([1]));
  expect(first).toHaveLength(30);
  expect(await town.holds()).toEqual([{ cause: 'volume', released_as: null, count: 60 }]);

  await town.report(9, 9, '100 / 2 * 10');
  await town.at(545);
  const afterAnHour = await town.alerts();
  expect(tiersOf(afterAnHour.slice(30))).toEqual(Array.from({ length: 20 }, () => 2));

  for (const minutes of [600, 615]) await town.at(minutes);
  expect(tiersOf(await town.alerts()).filter((tier) => tier === 2)).toHaveLength(30);
  for (const minutes of [660, 720]) await town.at(minutes);
  expect(await town.alerts()).toHaveLength(90);
  expect(await town.holds()).toEqual([{ cause: 'volume', released_as: 'raised', count: 90 - 30 }]);
});

const dug = useDatabase();
it('holds alerts back for works that were entered ahead, two hours at most though the works go on, and ends them by themselves', async () => {
  const town = areaTown(dug, 9, NO_OUTAGES);
  await town.settle();
  const scope = { kind: 'dma', name: 'D1' } as const;
  const works = { scope, from: hour(1), until: hour(12), note: 'notice 17', by: 'li', confirmedBy: undefined };
  expect(await enterWorks(town.deps, works)).toMatchObject({ homes: 9 });
  await town.report(-14, 0, '(h + 100) / 2 * 10');
  await town.at(0);
  await town.report(1, 8, '(case when n = 4 then 0 else h end + 100) / 2 * 10');
  for (const minutes of [480, 599]) await town.at(minutes);
  expect(town.newTexts()).toEqual([]);
  expect(await town.holds()).toEqual([{ cause: 'outage', released_as: null, count: 1 }]);

  await town.at(600);
  expect(await town.alerts()).toEqual(['A4']);
  expect((await town.outages())[0]).toMatchObject({ cause: 'works', ended_by: null });
  await town.at(720);
  expect((await town.outages())[0]).toMatchObject({ cause: 'works', ended_by: 'expired' });
});

const gone = useDatabase();
it('takes a third of the meters of a gateway that is not heard of for an outage, and nobody there for ill', async () => {
  const town = areaTown(gone, 600);
  await town.settle();
  await town.report(-14, 0, '(h + 100) / 2 * 10');
  await town.at(0);
  const isHeard = 'n % 10 <> 3';
  await town.report(1, 4, '(h + 100) / 2 * 10', isHeard);
  await town.at(240);
  expect(await town.outages()).toMatchObject([{ cause: 'silent', scope_kind: 'gateway', homes: 60, affected: 60 }]);
  expect(town.newTexts()).toEqual(['【静水】G3：60户中60户水表同时失联。无用水预警暂缓至3月3日14:00，届时自动发出。']);
  await town.report(5, 8, '(h + 100) / 2 * 10', isHeard);
  await town.at(480);
  expect(await town.alerts()).toEqual([]);

  await town.report(1, 9, '(h + 100) / 2 * 10', 'n % 10 = 3');
  await town.report(9, 9, '(h + 100) / 2 * 10', isHeard);
  for (const minutes of [540, 541]) await town.at(minutes);
  expect(await town.outages()).toMatchObject([{ ended_by: 'recovered' }]);
  expect(await town.alerts()).toEqual([]);
  expect(town.newTexts()).toEqual([]);
});
