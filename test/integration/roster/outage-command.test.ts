import { beforeAll, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { heldAlerts } from '../../../src/db/alert-holds.ts';
import { openOutages } from '../../../src/db/outages.ts';
import { serviceFigures } from '../../../src/db/metrics.ts';
import { checkAreas } from '../../../src/main/commands/doctor/areas.ts';
import { outageEnd, outageList, worksAdd } from '../../../src/main/commands/outages.ts';
import { useDatabase } from '../../support/database.ts';
import { areaTown, MORNING } from '../../support/area-town.ts';

const database = useDatabase();
const clock = handTurnedClock(MORNING);
const hour = (n: number) => new Date(MORNING.getTime() + n * 3_600_000);
const works = { from: hour(1), until: hour(5), note: 'main renewed, notice 17', confirmedBy: undefined };
const lane = { kind: 'community', name: 'lane' } as const;

beforeAll(() => areaTown(database, 501).settle());

async function printed(work: (deps: Parameters<typeof outageEnd>[0]) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  await work({ pool: database.pool, clock, actor: 'li', print: (line) => void lines.push(line) });
  return lines;
}

describe('planned works', () => {
  it('of many homes need a second person, who is another one', async () => {
    const entered = (confirmedBy?: string) => printed((deps) => worksAdd(deps, { ...works, scope: lane, confirmedBy }));
    await expect(entered()).rejects.toThrow('501 homes are concerned: above 500 a second person must confirm it');
    await expect(entered('li')).rejects.toThrow('a second person');
    expect(await entered('wang')).toEqual([
      'works 1 concern 501 home(s) and end by themselves at 2026-03-03T05:00:00.000Z; until then their alerts wait',
    ]);
  });

  it.each([
    ['an area that does not exist', { scope: { kind: 'dma', name: 'D9' } }, 'no home is in the dma "D9"'],
    ['an end before their beginning', { until: hour(1) }, 'later than they begin'],
    ['no end in sight', { until: hour(9 * 24) }, '7 days at most'],
    ['no reason', { note: ' ' }, 'need a reason'],
  ] as const)('with %s are refused', async (_, wrong, message) => {
    const scope = { kind: 'gateway', name: 'G1' } as const;
    await expect(printed((deps) => worksAdd(deps, { scope, ...works, ...wrong }))).rejects.toThrow(message);
  });

  it('are listed, counted, found by the doctor, and written into the audit', async () => {
    expect((await printed((deps) => outageList(deps, {})))[1]).toContain('community lane  works  2026-03-03T01:00');
    clock.advanceTo(hour(2));
    const [outages] = checkAreas(await openOutages(database.pool), await heldAlerts(database.pool), hour(2));
    expect(outages).toMatchObject({ status: 'warning', found: 'community lane (works)' });
    const figures = await serviceFigures(database.pool, hour(2));
    expect(figures).toContainEqual({ measure: 'outages_open', kind: 'works', subkind: null, amount: 1 });
    const { rows } = await database.pool.query('select actor, action from audit_entry order by id');
    expect(rows).toEqual([{ actor: 'li', action: 'works.entered' }]);
  });

  it('can be ended by hand, once', async () => {
    expect(await printed((deps) => outageEnd(deps, 1))).toEqual(['outage 1 is ended; its homes are judged again now']);
    await expect(printed((deps) => outageEnd(deps, 1))).rejects.toThrow('there is no outage 1 that has not ended');
    expect(await printed((deps) => outageList(deps, {}))).toEqual(['no area is out']);
    expect((await printed((deps) => outageList(deps, { all: true })))[1]).toContain('(person)');
  });
});

it('says of an alert that waits beyond its deadline that nobody judges homes', () => {
  const late = [{ cause: 'volume', count: 3, nextUntil: hour(1) }] as const;
  expect(checkAreas([], late, hour(2))[1]).toMatchObject({
    status: 'problem',
    found: expect.stringContaining('60 min'),
  });
});
