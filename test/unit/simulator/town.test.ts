import { describe, expect, it } from 'vitest';
import { monthTown } from '../../../simulator/presets/month-town.ts';
import { createTown, type Town } from '../../../simulator/town/town.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { dialOf, hoursAfter, litresByHour, readingsIn, sentBy } from './read-town.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const DAYS = 4;

const everything = (town: Town) => [...town.messagesBetween(town.startAt, hoursAfter(town.startAt, DAYS * 24))];
const monthOf = (seed: number, homes: number) => monthTown(seed, homes, startAt);

describe('the town', () => {
  it('is the same town again for the same seed, byte for byte', () => {
    expect(JSON.stringify(everything(monthOf(1, 40)))).toBe(JSON.stringify(everything(monthOf(1, 40))));
    expect(monthOf(1, 40).rosterCsv()).toEqual(monthOf(1, 40).rosterCsv());
    expect(monthOf(1, 40).truth()).toEqual(monthOf(1, 40).truth());
  });

  it('is another town for another seed', () => {
    expect(JSON.stringify(everything(monthOf(1, 40)))).not.toBe(JSON.stringify(everything(monthOf(2, 40))));
    expect(monthOf(1, 40).rosterCsv().people).not.toBe(monthOf(2, 40).rosterCsv().people);
  });

  it('changes nothing for those who live there when another home is added', () => {
    const small = monthOf(1, 40);
    const serials = new Set(small.homes.map(({ meterSerial }) => meterSerial));
    const large = monthOf(1, 41);

    expect(large.homes.slice(0, 40)).toEqual(small.homes);
    expect(everything(large).filter(({ meterSerial }) => serials.has(meterSerial))).toEqual(everything(small));
    expect(large.rosterCsv().households.startsWith(small.rosterCsv().households)).toBe(true);
  });

  it('says the same in one window as in many, whatever their order', () => {
    const windows = Array.from({ length: DAYS * 24 * 3 }, (_, third) => third * (HOUR_MS / 3));
    const town = monthOf(3, 25);
    const inPieces = (starts: readonly number[]) =>
      new Map(
        starts.map((startMs) => {
          const fromMs = town.startAt.getTime() + startMs;
          return [startMs, [...town.messagesBetween(new Date(fromMs), new Date(fromMs + HOUR_MS / 3))]];
        }),
      );
    const forwards = inPieces(windows);
    const backwards = inPieces(windows.toReversed());

    expect(windows.flatMap((startMs) => forwards.get(startMs))).toEqual(everything(monthOf(3, 25)));
    expect(windows.flatMap((startMs) => backwards.get(startMs))).toEqual(everything(monthOf(3, 25)));
  });

  it('counts a message on the border to the window that begins there', () => {
    const town = monthOf(4, 30);
    const [, border = startAt] = everything(town).map(({ sendAt }) => sendAt);

    expect([...town.messagesBetween(startAt, border)].length).toBe(1);
    expect([...town.messagesBetween(border, hoursAfter(startAt, 1))][0]?.sendAt).toEqual(border);
  });

  it('sends in the order of time, and nothing outside the window', () => {
    const times = everything(monthOf(4, 30)).map(({ sendAt }) => sendAt.getTime());

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(startAt.getTime());
    expect(times.at(-1)).toBeLessThan(hoursAfter(startAt, DAYS * 24).getTime());
  });

  it('reads every dial on the hour, and no dial ever falls', () => {
    const town = createTown({ seed: 5, homes: 30, startAt });

    for (const { code } of town.homes) {
      const dial = dialOf(town, code, DAYS * 24);
      expect(dial.map(({ atMs }) => atMs)).toEqual(dial.map((_, hour) => startAt.getTime() + hour * HOUR_MS));
      expect(dial.map(({ indexLitres }) => indexLitres)).toEqual(
        dial.map(({ indexLitres }) => indexLitres).toSorted((a, b) => a - b),
      );
      expect(litresByHour(dial).reduce((sum, volume) => sum + volume, 0)).toBeGreaterThan(DAYS * 20);
    }
  });

  it('hears hourly meters within minutes, and daily ones in the night after, a day at a time', () => {
    const hourly = createTown({ seed: 6, homes: 3, startAt });
    const daily = createTown({ seed: 6, homes: 3, startAt, dailyUploadShare: 1 });

    for (const message of sentBy(hourly, 'SW-0002', 48)) {
      const [reading, ...others] = readingsIn(message);
      expect(others).toEqual([]);
      expect(message.sendAt.getTime() - (reading?.atMs ?? 0)).toBeLessThanOrEqual(4 * 60_000);
      expect(message.topic).toBe(`meters/${message.meterSerial}/readings`);
    }
    const batches = sentBy(daily, 'SW-0002', 24 * 3).slice(1);
    expect(batches.length).toBe(2);
    for (const message of batches) {
      const times = readingsIn(message).map(({ atMs }) => atMs);
      expect(times.length).toBe(24);
      expect((message.sendAt.getTime() - (times.at(-1) ?? 0)) / HOUR_MS).toBeLessThanOrEqual(8);
    }
    expect(dialOf(daily, 'SW-0002', 24 * 4).slice(0, 48)).toEqual(dialOf(hourly, 'SW-0002', 24 * 4).slice(0, 48));
  });

  it('refuses an incident in a home it does not have, and more homes than it can name', () => {
    const nowhere = { kind: 'stops', homeCode: 'SW-0099', from: startAt } as const;

    expect(() => createTown({ seed: 1, homes: 2, startAt, incidents: [nowhere] })).toThrow('SW-0099');
    expect(() => createTown({ seed: 1, homes: 9_001, startAt })).toThrow(RangeError);
  });
});
