import { describe, expect, it } from 'vitest';
import { demoTown } from '../../../simulator/presets/demo-town.ts';
import { monthTown } from '../../../simulator/presets/month-town.ts';
import { ampds2Home } from '../../../simulator/recorded/ampds2.ts';
import { dialOf, groupBy, hoursAfter, leastIn, litresByHour, sentBy } from './read-town.ts';

const PLAYED_DAY = new Date('2026-03-01T09:30:00+08:00');
const PLAYED_HOURS = 30;
const HISTORY_HOURS = 30 * 24;

describe('the town of the demonstration', () => {
  const { town, dayBeginsAt } = demoTown('demonstration', PLAYED_DAY);
  const incident = (kind: string) => town.truth().find((each) => each.kind === kind);

  it('has 60 homes and a real one, and thirty days of history before the day', () => {
    expect(dayBeginsAt).toEqual(new Date('2026-03-01T00:00:00+08:00'));
    expect(hoursAfter(town.startAt, HISTORY_HOURS)).toEqual(dayBeginsAt);
    expect(town.homes.length).toBe(61);
    expect(town.homes.at(-1)).toMatchObject({ code: 'SW-9001', kind: 'recorded' });
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))('has three troubles in three homes, with seed %i', (seed) => {
    const { town: another } = demoTown(seed, PLAYED_DAY);
    const incidents = another.truth();
    const homes = incidents.map(({ homeCode }) => another.homes.find(({ code }) => code === homeCode));

    expect(incidents.map(({ kind }) => kind).toSorted()).toEqual(['meter_silent', 'stops', 'tap_left_running']);
    expect(new Set(homes).size).toBe(3);
    expect(homes.every((home) => home?.uploads === 'hourly' && home.kind !== 'family')).toBe(true);
  });

  it('shows each of them within the thirty hours of the day', () => {
    const shownFrom = hoursAfter(dayBeginsAt, -6);
    const silent = sentBy(town, incident('meter_silent')?.homeCode ?? '', PLAYED_HOURS + 6, shownFrom);
    const stopped = dialOf(town, incident('stops')?.homeCode ?? '', PLAYED_HOURS, dayBeginsAt);
    const running = dialOf(town, incident('tap_left_running')?.homeCode ?? '', 3.5, hoursAfter(dayBeginsAt, 8));

    const lastHeardHours = (dayBeginsAt.getTime() - (silent.at(-1)?.sendAt.getTime() ?? 0)) / 3_600_000;
    expect(lastHeardHours).toBeGreaterThan(0);
    expect(lastHeardHours).toBeLessThan(4);
    expect(stopped.length).toBeGreaterThan(24);
    expect(leastIn(litresByHour(stopped), stopped.length - 1)).toBe(0);
    expect(leastIn(litresByHour(running), 1)).toBeGreaterThanOrEqual(200);
  });

  it('leaves no other meter unheard for a day and two hours', () => {
    const silent = town.homes.find(({ code }) => code === incident('meter_silent')?.homeCode)?.meterSerial;
    const all = town.messagesBetween(town.startAt, hoursAfter(dayBeginsAt, PLAYED_HOURS));
    const byMeter = groupBy(all, ({ meterSerial }) => meterSerial);

    expect(byMeter.length).toBe(town.homes.length);
    for (const messages of byMeter.filter(([first]) => first?.meterSerial !== silent)) {
      const times = messages.map(({ sendAt }) => sendAt.getTime());
      const pauses = times.slice(1).map((atMs, n) => (atMs - (times[n] ?? atMs)) / 3_600_000);
      expect(Math.max(...pauses)).toBeLessThan(26);
    }
  });
});

describe('the town of a month', () => {
  const startAt = new Date('2026-03-01T00:00:00+08:00');
  const town = monthTown(11, 500, startAt);

  it('has the troubles of a city, no home two of them', () => {
    const kinds = town.truth().map(({ kind }) => kind);

    expect(new Set(town.truth().map(({ homeCode }) => homeCode)).size).toBe(kinds.length);
    expect(new Set(kinds)).toEqual(new Set(['stops', 'tap_left_running', 'leak', 'away', 'meter_silent']));
    expect(kinds.length).toBeGreaterThan(25);
    expect(kinds.length).toBeLessThan(90);
  });

  it('leaves the first days alone, and time to see everything at the end', () => {
    const times = town.truth().map(({ from }) => from.getTime());

    expect(Math.min(...times)).toBeGreaterThan(hoursAfter(startAt, 3 * 24).getTime());
    expect(Math.max(...times)).toBeLessThan(hoursAfter(startAt, 27 * 24).getTime());
  });

  it('takes in a home that lives by a recording', () => {
    const withRealHome = monthTown(11, 3, startAt, ampds2Home());

    expect(withRealHome.homes.map(({ code }) => code)).toEqual(['SW-0001', 'SW-0002', 'SW-0003', 'SW-9001']);
  });

  it('says which absences are announced', () => {
    const absences = town.truth().filter((each) => each.kind === 'away');

    expect(new Set(absences.map(({ announced }) => announced))).toEqual(new Set([true, false]));
    expect(absences.every(({ announced, expects }) => expects === (announced ? 'nothing' : 'low-use'))).toBe(true);
  });
});
