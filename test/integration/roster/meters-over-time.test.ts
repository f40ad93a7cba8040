import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { readMeterSeries } from '../../../src/db/home-series.ts';
import { bindMeter } from '../../../src/roster/bind-meter.ts';
import { exchangeMeter } from '../../../src/roster/exchange-meter.ts';
import { registerMeter } from '../../../src/roster/register-meter.ts';
import { unbindMeter } from '../../../src/roster/unbind-meter.ts';
import { useDatabase } from '../../support/database.ts';
import { onceBefore } from '../../support/failing-pool.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { fingerprintOf } from '../../support/table-dump.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const TODAY = afterHours(40);
const deps = (at = TODAY) => ({ pool: database.pool, clock: handTurnedClock(at), actor: 'a clerk' });

beforeEach(() => {
  street.restart();
});

let spare = 0;
/** A meter on the books that is at no home. */
async function spareMeter(): Promise<string> {
  const serial = `SPARE-${(spare += 1)}`;
  await registerMeter(deps(), { serial, nominalIntervalS: undefined, registerCapacityL: undefined });
  return serial;
}

async function historyOf(serial: string) {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    `select household.code, bound_from as "from", bound_until as until, first_index_l as first, final_index_l as final
     from meter_binding join meter on meter.id = meter_id join household on household.id = household_id
     where serial = $1 order by bound_from`,
    [serial],
  );
  return rows;
}

async function lastAuditEntry() {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    'select at, actor, action, subject, detail from audit_entry order by id desc limit 1',
  );
  return rows[0];
}

/** When the readings of a home were taken, as the detectors see them. */
async function readingTimesOf(home: Home): Promise<string[]> {
  const series = await readMeterSeries(database.pool, [{ householdId: home.id, since: START }], afterHours(1_000));
  return series.flatMap(({ readAtMs }) => readAtMs.map((atMs) => new Date(atMs).toISOString())).toSorted();
}

describe('a meter that comes to a home', () => {
  it('measures it from that time on, with what its dial showed on file', async () => {
    const [home, serial] = [await street.home(), await spareMeter()];
    await bindMeter(deps(), { serial, household: home.code, from: afterHours(5), firstIndexL: 17 });

    const bound = { code: home.code, from: afterHours(5), until: null, first: 17, final: null };
    expect(await historyOf(serial)).toEqual([bound]);
    expect(await lastAuditEntry()).toEqual({
      at: TODAY,
      actor: 'a clerk',
      action: 'meter.bound',
      subject: `meter ${serial}`,
      detail: { household: home.code, from: afterHours(5).toISOString(), firstIndexL: 17 },
    });
  });

  it('may come in the past, in the future, and for a while', async () => {
    const [home, serial] = [await street.home(), await spareMeter()];
    const bind = (from: number, until?: number) =>
      bindMeter(deps(), {
        serial,
        household: home.code,
        from: afterHours(from),
        until: until === undefined ? undefined : afterHours(until),
      });
    await bind(30, 35);
    await bind(10, 30);
    await bind(35, 36);
    await bind(500);
    expect((await historyOf(serial)).map(({ from, until }) => [from, until])).toEqual([
      [afterHours(10), afterHours(30)],
      [afterHours(30), afterHours(35)],
      [afterHours(35), afterHours(36)],
      [afterHours(500), null],
    ]);
  });

  it.each([
    ['it is at another home then', { from: afterHours(20) }, 'unbind it first, or move it'],
    ['it will be at another home', { from: afterHours(5) }, 'say until when it is to be here'],
    ['it would leave before it comes', { from: afterHours(5), until: afterHours(5) }, 'must leave later than it comes'],
    ['it is unknown', { serial: 'NOBODY-1', from: START }, 'there is no meter NOBODY-1: register it first'],
    ['the home is unknown', { household: 'NOWHERE', from: START }, 'there is no household NOWHERE'],
    ['the year is a slip', { from: new Date('0206-03-01T00:00:00Z') }, 'at most a year ahead'],
    ['the year is far ahead', { from: new Date('2206-03-01T00:00:00Z') }, 'at most a year ahead'],
  ])('is refused when %s, and nothing is changed', async (_why, given, words) => {
    const [first, second, serial] = [await street.home(), await street.home(), await spareMeter()];
    await bindMeter(deps(), { serial, household: first.code, from: afterHours(10) });
    const before = await fingerprintOf(database.pool);

    const refused = bindMeter(deps(), { serial, household: second.code, ...given });
    await expect(refused).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining(words) });
    expect(await fingerprintOf(database.pool)).toEqual(before);
  });

  it('is at one home only when two clerks bind it at once', async () => {
    const [first, second, serial] = [await street.home(), await street.home(), await spareMeter()];
    const outcomes = await Promise.allSettled(
      [first, second].map(({ code }) => bindMeter(deps(), { serial, household: code, from: START })),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await historyOf(serial)).toHaveLength(1);
  });
});

describe('a meter that moves to another home at ten', () => {
  it('has its reading of a minute before counted there, and from ten sharp on here', async () => {
    const [old, next] = [await street.home(), await street.home()];
    const ten = afterHours(10);
    const minutes = [-2, -1, 0, 1].map((minute) => new Date(ten.getTime() + minute * 60_000));
    await street.store(
      old,
      minutes.map((at, n) => ({ at, indexLitres: 500 + n })),
      11,
    );
    await unbindMeter(deps(), { serial: next.serial, at: ten });
    await bindMeter(deps(), { serial: old.serial, household: next.code, from: ten, moves: true });

    const times = minutes.map((at) => at.toISOString());
    expect(await readingTimesOf(old)).toEqual(times.slice(0, 2));
    expect(await readingTimesOf(next)).toEqual(times.slice(2));
    expect(await historyOf(old.serial)).toMatchObject([
      { code: old.code, from: START, until: ten },
      { code: next.code, from: ten, until: null },
    ]);
  });

  it('leaves again when it was to leave', async () => {
    const [first, second, serial] = [await street.home(), await street.home(), await spareMeter()];
    await bindMeter(deps(), { serial, household: first.code, from: START, until: afterHours(30) });
    await bindMeter(deps(), { serial, household: second.code, from: afterHours(10), moves: true });
    expect(await historyOf(serial)).toMatchObject([
      { code: first.code, until: afterHours(10) },
      { code: second.code, until: afterHours(30) },
    ]);
  });

  it('was never at the first home when it moves at the moment at which it came', async () => {
    const [first, second, serial] = [await street.home(), await street.home(), await spareMeter()];
    await bindMeter(deps(), { serial, household: first.code, from: START });
    await bindMeter(deps(), { serial, household: second.code, from: START, moves: true });
    expect(await historyOf(serial)).toMatchObject([{ code: second.code, from: START, until: null }]);
  });
});

describe('a meter that is taken out', () => {
  it('keeps its history, with what its dial showed', async () => {
    const home = await street.home();
    expect(await unbindMeter(deps(), { serial: home.serial, at: afterHours(10), finalIndexL: 900 })).toBe(home.code);
    expect(await historyOf(home.serial)).toMatchObject([{ until: afterHours(10), final: 900 }]);
    expect(await lastAuditEntry()).toMatchObject({ action: 'meter.unbound', detail: { household: home.code } });

    await bindMeter(deps(), { serial: home.serial, household: home.code, from: afterHours(20) });
    expect(await historyOf(home.serial)).toMatchObject([
      { until: afterHours(10) },
      { from: afterHours(20), until: null },
    ]);
  });

  it('never was there when it goes at the moment at which it came', async () => {
    const home = await street.home();
    await unbindMeter(deps(), { serial: home.serial, at: START });
    expect(await historyOf(home.serial)).toEqual([]);
    expect(await lastAuditEntry()).toMatchObject({
      detail: { household: home.code, was: { from: START.toISOString() } },
    });
  });

  it('is refused when it is at no home then, and where it was is said', async () => {
    const home = await street.home();
    await unbindMeter(deps(), { serial: home.serial, at: afterHours(10) });
    const refused = unbindMeter(deps(), { serial: home.serial, at: afterHours(10) });
    await expect(refused).rejects.toThrow(`at ${home.code} from ${START.toISOString()} until`);
  });
});

describe('an exchange', () => {
  it('puts the new meter where the old one was, with both indices on file', async () => {
    const home = await street.home();
    await street.store(home, hourlyReadings(START, each(10, 5), 700), 10);
    const exchanged = await exchangeMeter(deps(), {
      oldSerial: home.serial,
      newSerial: 'NEW-1',
      at: afterHours(10),
      finalIndexL: 752,
      firstIndexL: 3,
    });

    expect(exchanged).toMatchObject({
      household: home.code,
      lastReported: { readAt: afterHours(9), indexL: 745 },
    });
    expect(await historyOf(home.serial)).toMatchObject([{ until: afterHours(10), first: null, final: 752 }]);
    expect(await historyOf('NEW-1')).toEqual([
      { code: home.code, from: afterHours(10), until: null, first: 3, final: null },
    ]);
    expect(await lastAuditEntry()).toMatchObject({
      action: 'meter.exchanged',
      subject: `meter ${home.serial}`,
      detail: { household: home.code, replacedBy: 'NEW-1', finalIndexL: 752, firstIndexL: 3 },
    });
  });

  it('takes a meter that is new to us to report as often as the old one, unless somebody knows better', async () => {
    const home = await street.home();
    await database.pool.query('update meter set nominal_interval_s = 900 where id = $1', [home.meterId]);
    const known = await spareMeter();
    await exchangeMeter(deps(), { oldSerial: home.serial, newSerial: 'NEW-2', at: afterHours(10) });
    await exchangeMeter(deps(), { oldSerial: 'NEW-2', newSerial: known, at: afterHours(11) });
    await exchangeMeter(deps(), { oldSerial: known, newSerial: 'NEW-3', at: afterHours(12), nominalIntervalS: 60 });

    const { rows } = await database.pool.query(
      `select nominal_interval_s from meter where serial in ('NEW-2', $1, 'NEW-3') order by serial`,
      [known],
    );
    expect(rows).toEqual([{ nominal_interval_s: 900 }, { nominal_interval_s: 60 }, { nominal_interval_s: 3_600 }]);
  });

  it('in the past leaves what came after it as it was', async () => {
    const home = await street.home();
    await unbindMeter(deps(), { serial: home.serial, at: afterHours(30) });
    await exchangeMeter(deps(), { oldSerial: home.serial, newSerial: 'NEW-4', at: afterHours(10) });
    expect(await historyOf('NEW-4')).toMatchObject([{ from: afterHours(10), until: afterHours(30) }]);
  });

  it.each([
    ['the old meter only comes then', { at: START }, 'cannot go at the moment at which it comes'],
    ['the old meter is not there', { at: new Date(START.getTime() - 1) }, 'is at no home at'],
    ['the new meter is elsewhere', { newSerial: 'taken' }, 'meter taken is at'],
    ['it is for itself', { newSerial: 'itself' }, 'cannot be exchanged for itself'],
  ])('is refused when %s, and nothing is changed', async (_why, given, words) => {
    const [home, other] = [await street.home(), await street.home()];
    await database.pool.query(`update meter set serial = 'taken-' || id where serial = 'taken'`);
    await database.pool.query(`update meter set serial = 'taken' where id = $1`, [other.meterId]);
    const before = await fingerprintOf(database.pool);

    const exchange = { oldSerial: home.serial, newSerial: 'NEW-9', at: afterHours(10), ...given };
    const newSerial = exchange.newSerial === 'itself' ? home.serial : exchange.newSerial;
    await expect(exchangeMeter(deps(), { ...exchange, newSerial })).rejects.toThrow(words);
    expect(await fingerprintOf(database.pool)).toEqual(before);
  });
});

describe('a change in the past', () => {
  it('has a still home judged again, and an alert withdrawn that was never true', async () => {
    const home = await street.home();
    const serial = await spareMeter();
    const { rows } = await database.pool.query<{ id: number }>('select id from meter where serial = $1', [serial]);
    const renewed = { ...home, serial, meterId: rows[0]!.id };
    const old = hourlyReadings(START, [...each(10, 12), ...each(30, 0)]);
    await street.store(
      renewed,
      hourlyReadings(afterHours(10), [...each(10, 9), ...each(10, 0), ...each(10, 9)], 0),
      39.9,
    );
    await street.arrive(home, old, 40);
    expect(await street.alertsOf(home)).toMatchObject([{ detector: 'low-use', state: 'open' }]);

    await exchangeMeter(deps(), { oldSerial: home.serial, newSerial: serial, at: afterHours(10) });
    await street.run(40);
    expect(await street.standingOf(home)).toEqual([]);
    expect(await street.alertsOf(home)).toMatchObject([{ state: 'closed' }]);
    expect(await street.watchOf(home)).toMatchObject({ verdict: 'USED', judge_from: null });
  });

  it('has both homes judged again when a meter was at the wrong one', async () => {
    const [wrong, right] = [await street.home(), await street.home()];
    await unbindMeter(deps(), { serial: right.serial, at: START });
    await street.arrive(wrong, hourlyReadings(START, each(40, 9)), 40);
    expect(await street.watchOf(wrong)).toMatchObject({ verdict: 'USED' });
    expect(await street.watchOf(right)).toMatchObject({ verdict: 'CANNOT_TELL' });

    await bindMeter(deps(), { serial: wrong.serial, household: right.code, from: START, moves: true });
    await street.run(40);
    expect(await street.watchOf(wrong)).toMatchObject({ verdict: 'CANNOT_TELL', judge_from: null });
    expect(await street.watchOf(right)).toMatchObject({ verdict: 'USED', judge_from: null });
  });

  it.each([
    ['never judged', false],
    ['judged before without it', true],
  ])('finds what was so in the past at a home that was %s, and wakes nobody for it', async (_which, isJudged) => {
    const home = await street.home({ monitoredFrom: START });
    const still = hourlyReadings(START, [...each(5, 9), ...each(30, 0), ...each(5, 9)]);
    await database.pool.query('delete from meter_binding where household_id = $1', [home.id]);
    await street.store(home, still, 40);
    if (isJudged) await street.run(40);
    await bindMeter(deps(), { serial: home.serial, household: home.code, from: START });
    await street.run(40);

    expect(await street.standingOf(home)).toMatchObject([{ detector: 'low-use', ended: afterHours(36) }]);
    expect(await street.alertsOf(home)).toEqual([]);
  });

  it('makes void what a run of the detectors has read that is under way, and has the home judged again', async () => {
    const [home, serial] = [await street.home(), await spareMeter()];
    await street.store(home, hourlyReadings(START, [...each(10, 12), ...each(30, 0)]), 40);
    const exchange = () => exchangeMeter(deps(), { oldSerial: home.serial, newSerial: serial, at: afterHours(20) });
    const overtaken = onceBefore(database.pool, /^begin$/, exchange);
    await street.run(40, { pool: overtaken, log: createLogger('silent') });
    expect(await street.standingOf(home)).toEqual([]);
    expect(await street.watchOf(home)).toBeUndefined();

    await street.run(40);
    expect(await street.watchOf(home)).toMatchObject({ last_read_at: afterHours(19) });
    expect(await street.alertsOf(home)).toEqual([]);
  });
});
