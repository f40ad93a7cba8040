import { beforeAll, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { meterBind, meterExchange, meterRegister, meterUnbind } from '../../../src/main/commands/change-meter.ts';
import { meterList, meterShow } from '../../../src/main/commands/meter.ts';
import {
  readHousehold,
  readLitres,
  readSerial,
  readTime,
  readTraits,
} from '../../../src/main/commands/meter-arguments.ts';
import { useDatabase } from '../../support/database.ts';
import { storeForTest } from '../../support/readings.ts';
import { type Home, townIn } from '../../support/town.ts';

const database = useDatabase();
const MARCH = new Date('2026-03-01T00:00:00Z');
const TEN = new Date('2026-04-01T10:00:00Z');
const NOW = new Date('2026-04-02T00:00:00Z');
let home: Home;

beforeAll(async () => {
  home = await townIn(() => database.pool).home({ code: 'SW-1', monitoredFrom: MARCH });
  await storeForTest(database.pool, home, [{ at: new Date('2026-04-01T09:00:00Z'), indexLitres: 5_678 }], NOW);
  await database.pool.query(
    `insert into meter_flag (meter_id, flag, first_reported_at, last_reported_at) values ($1, 'leak', $2, $3)`,
    [home.meterId, MARCH, TEN],
  );
});

type Deps = Parameters<typeof meterBind>[0];
async function printed(work: (deps: Deps) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await work({ pool: database.pool, clock: handTurnedClock(NOW), actor: 'a clerk', print });
  return lines;
}

describe('stillwater meter', () => {
  it('says of each change what is so now', async () => {
    const serial = 'M-2';
    const traits = { nominalIntervalS: 900, registerCapacityL: undefined };
    expect(await printed((deps) => meterRegister(deps, { serial, ...traits }))).toEqual(['meter M-2 was registered']);
    expect(await printed((deps) => meterRegister(deps, { serial, ...traits }))).toEqual([
      'meter M-2 is on the books like this already',
    ]);
    expect(await printed((deps) => meterBind(deps, { serial, household: 'SW-1', from: MARCH }))).toEqual([
      'meter M-2 is at SW-1 from 2026-03-01T00:00:00.000Z on',
    ]);
    expect(await printed((deps) => meterUnbind(deps, { serial, at: TEN }))).toEqual([
      'meter M-2 is no more at SW-1 from 2026-04-01T10:00:00.000Z on',
    ]);
  });

  it('warns when the final index is less than what the meter had reported', async () => {
    const exchange = { oldSerial: home.serial, newSerial: 'M-3', at: TEN, finalIndexL: 1_234, firstIndexL: 2 };
    expect(await printed((deps) => meterExchange(deps, exchange))).toEqual([
      `meter M-3 is in the place of M-SW-1 at SW-1 from 2026-04-01T10:00:00.000Z on`,
      'warning: M-SW-1 had reported 5678 L at 2026-04-01T09:00:00.000Z, more than its final index of 1234 L',
    ]);
    await database.pool.query(`insert into register_reading select id, $1, 40, $1 from meter where serial = 'M-3'`, [
      TEN,
    ]);
    const again = { oldSerial: 'M-3', newSerial: 'M-4', at: NOW, finalIndexL: 40 };
    expect(await printed((deps) => meterExchange(deps, again))).toHaveLength(1);
  });

  it('shows where a meter was, its indices, its flags and its newest reading', async () => {
    expect(await printed(({ pool, print }) => meterShow(pool, 'M-SW-1', {}, print))).toEqual([
      'serial       M-SW-1',
      'interval     3600 s',
      'capacity     unknown',
      'newest       5678 L at 2026-04-01T09:00:00.000Z, received 2026-04-02T00:00:00.000Z',
      'quarantined  0',
      '',
      'home  from                      until                     first index  final index',
      'SW-1  2026-03-01T00:00:00.000Z  2026-04-01T10:00:00.000Z               1234 L',
      '',
      'flag  first reported            last reported',
      'leak  2026-03-01T00:00:00.000Z  2026-04-01T10:00:00.000Z',
    ]);
    const [line = ''] = await printed(({ pool, print }) => meterShow(pool, 'M-4', { json: true }, print));
    expect(JSON.parse(line)).toMatchObject({
      serial: 'M-4',
      bindings: [{ household: 'SW-1', boundFrom: NOW.toISOString(), boundUntil: null }],
      flags: [],
      quarantined: 0,
    });
    await expect(meterShow(database.pool, 'M-99', {}, () => undefined)).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });

  it('lists the meters with the home of now', async () => {
    const list = (more: object) =>
      printed(({ pool, print }) => meterList(pool, { isUnbound: false, at: NOW, limit: 10, ...more }, print));
    expect(await list({})).toEqual([
      'meter   home  since                     newest reading',
      'M-2                                     none',
      'M-3                                     2026-04-01T10:00:00.000Z',
      'M-4     SW-1  2026-04-02T00:00:00.000Z  none',
      'M-SW-1                                  2026-04-01T09:00:00.000Z',
    ]);
    expect((await list({ isUnbound: true })).map((line) => line.split(' ')[0])).toEqual([
      'meter',
      'M-2',
      'M-3',
      'M-SW-1',
    ]);
    expect(await list({ household: 'SW-1', json: true })).toEqual([
      '{"meters":[{"serial":"M-4","household":"SW-1","boundFrom":"2026-04-02T00:00:00.000Z","lastReadAt":null}]}',
    ]);
    expect(await list({ limit: 1 })).toHaveLength(2);
    expect(await list({ household: 'SW-9' })).toEqual(['there is no meter like this']);
  });
});

describe('what is said to it', () => {
  it('is understood', () => {
    expect(readSerial('WM-1')).toBe('WM-1');
    expect(readHousehold('柳巷 7#')).toBe('柳巷 7#');
    expect(readTime('2026-03-01T10:00:00+08:00')).toEqual(new Date('2026-03-01T02:00:00Z'));
    expect([readLitres('0'), readLitres(undefined)]).toEqual([0, undefined]);
    expect(readTraits({ interval: '900' })).toEqual({ nominalIntervalS: 900, registerCapacityL: undefined });
  });

  it.each([
    [() => readSerial('+'), 'serial "+": expected up to 64 letters'],
    [() => readSerial('a/#'), 'serial "a/#": expected up to 64 letters'],
    [() => readHousehold(''), 'household "": expected up to 32'],
    [() => readTime('2026-03-01'), 'time "2026-03-01": expected a time with its zone'],
    [() => readTime('2026-03-01T10:00:00'), 'expected a time with its zone'],
    [() => readTime('2026-02-30T10:00:00Z'), 'expected a time with its zone'],
    [() => readLitres('-1'), 'index "-1": expected a whole number'],
    [() => readLitres('1.5'), 'index "1.5": expected a whole number'],
    [() => readTraits({ capacity: '0' }), 'capacity "0": expected a whole number from 1'],
    [() => readTraits({ interval: '999999' }), 'interval "999999": expected a whole number from 1 to 172800'],
  ])('is refused with what was expected: %s', (read, words) => {
    expect(read).toThrow(words);
  });
});
