import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, mistakesIn, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
const APRIL_10 = { clock: handTurnedClock(new Date('2026-04-10T02:00:00Z')) };
const march = new Date('2026-03-01T00:00:00Z');
const midnight = new Date('2026-02-28T16:00:00Z');
const exchanged = new Date('2026-04-10T02:00:00Z');

const meters = (...lines: string[]) => ({ households: ['code,community,meter', ...lines].join('\n') });

async function bindings() {
  const { rows } = await database.pool.query(
    `select serial, code, bound_from as "from", bound_until as until
     from meter_binding join meter on meter.id = meter_id join household on household.id = household_id
     order by serial, bound_from`,
  );
  return rows as unknown[];
}

beforeEach(async () => {
  await emptyRoster(database.pool);
  await importTexts(database.pool, TOWN_FILES);
});

describe('meters and the homes they measure', () => {
  it('binds a meter from the day its home is watched', async () => {
    expect(await bindings()).toEqual([
      { serial: 'M-1001', code: 'WL-001', from: midnight, until: null },
      { serial: 'M-1002', code: 'WL-002', from: march, until: null },
    ]);
  });

  it('ends the old meter where the new one begins', async () => {
    const report = await importTexts(database.pool, meters('WL-001,willow-lane,M-2001'), APRIL_10);

    expect(report).toMatchObject({ counts: { households: { changed: 1, unchanged: 0 } } });
    expect(await bindings()).toEqual([
      { serial: 'M-1001', code: 'WL-001', from: midnight, until: exchanged },
      { serial: 'M-1002', code: 'WL-002', from: march, until: null },
      { serial: 'M-2001', code: 'WL-001', from: exchanged, until: null },
    ]);
  });

  it('lets two homes swap their meters', async () => {
    const swap = meters('WL-001,willow-lane,M-1002', 'WL-002,willow-lane,M-1001');
    await importTexts(database.pool, swap, APRIL_10);

    expect(await bindings()).toEqual([
      { serial: 'M-1001', code: 'WL-001', from: midnight, until: exchanged },
      { serial: 'M-1001', code: 'WL-002', from: exchanged, until: null },
      { serial: 'M-1002', code: 'WL-002', from: march, until: exchanged },
      { serial: 'M-1002', code: 'WL-001', from: exchanged, until: null },
    ]);
  });

  it('does not take a meter away from a home that has it', async () => {
    const report = await importTexts(database.pool, meters('WL-003,willow-lane,M-1001'), APRIL_10);

    expect(mistakesIn(report)).toEqual(['households.csv:2: meter: this meter is at another household']);
  });

  it('lets a home have a meter that another gave up, and no reading from before counts', async () => {
    await database.pool.query(
      `update meter_binding set bound_until = '2026-03-15T00:00:00Z'
       where meter_id = (select id from meter where serial = 'M-1002')`,
    );
    const households = 'code,community,monitored_from,meter\nWL-003,willow-lane,2026-03-01,M-1002\n';
    await importTexts(database.pool, { households }, APRIL_10);

    expect(await bindings()).toContainEqual({
      serial: 'M-1002',
      code: 'WL-003',
      from: new Date('2026-03-15T00:00:00Z'),
      until: null,
    });
  });

  it('forgets a binding that was to begin later, since it never measured anything', async () => {
    const planned = 'code,community,monitored_from,meter\nWL-003,willow-lane,2026-05-01,M-3001\n';
    await importTexts(database.pool, { households: planned });
    await importTexts(database.pool, meters('WL-003,willow-lane,M-3002'), APRIL_10);

    expect(await bindings()).toContainEqual({
      serial: 'M-3002',
      code: 'WL-003',
      from: new Date('2026-04-30T16:00:00Z'),
      until: null,
    });
    expect(await bindings()).not.toContainEqual(expect.objectContaining({ serial: 'M-3001' }));
  });

  it('corrects what is known of a meter, and leaves alone what the line does not say', async () => {
    const households = 'code,community,meter,meter_register_capacity_l\nWL-001,willow-lane,M-1001,9999999\n';
    const report = await importTexts(database.pool, { households });

    expect(report).toMatchObject({ counts: { households: { changed: 1 } } });
    const { rows } = await database.pool.query(
      `select nominal_interval_s, register_capacity_l from meter where serial = 'M-1001'`,
    );
    expect(rows).toEqual([{ nominal_interval_s: 900, register_capacity_l: 9_999_999 }]);
  });
});
