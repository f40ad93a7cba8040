import { describe, expect, it } from 'vitest';
import { type FaultRates, NO_FAULTS } from '../../../simulator/meter/faults.ts';
import { createTown } from '../../../simulator/town/town.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { dialOf, groupBy, hoursAfter, readingsIn, sentBy, seqOf } from './read-town.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const HOURS = 10 * 24;

const townWith = (faults: Partial<FaultRates>, dailyUploadShare = 0) =>
  createTown({ seed: 'faults', homes: 20, startAt, dailyUploadShare, faults: { ...NO_FAULTS, ...faults } });
const sent = (faults: Partial<FaultRates>, dailyUploadShare = 0) => {
  const town = townWith(faults, dailyUploadShare);
  return [...town.messagesBetween(startAt, hoursAfter(startAt, HOURS))];
};
const undisturbed = sent({});
const keyOf = (message: (typeof undisturbed)[number]) => `${message.meterSerial} ${seqOf(message)}`;
const share = (part: number) => part / undisturbed.length;

describe('what goes wrong with the meters', () => {
  it('is nothing, where nothing is asked for', () => {
    expect(undisturbed.length).toBe(20 * HOURS);
    expect(new Set(undisturbed.map(keyOf)).size).toBe(undisturbed.length);
  });

  it('loses the share of messages it should, and leaves the others alone', () => {
    const left = sent({ lost: 0.1 });

    expect(share(left.length)).toBeGreaterThan(0.87);
    expect(share(left.length)).toBeLessThan(0.93);
    const kept = new Set(left.map(keyOf));
    expect(left).toEqual(undisturbed.filter((message) => kept.has(keyOf(message))));
  });

  it('lets one fault change nothing about another', () => {
    const left = sent({ lost: 0.1, repeated: 0.1, late: 0.1, lateByHours: 3 });
    const kept = new Set(left.map(keyOf));

    const withoutLosses = sent({ repeated: 0.1, late: 0.1, lateByHours: 3 });
    expect(left).toEqual(withoutLosses.filter((message) => kept.has(keyOf(message))));
  });

  it('never loses the day of a meter that repeats it until it is taken', () => {
    expect(sent({ lost: 1 }, 1)).toEqual(sent({}, 1));
    expect(sent({ lost: 1 })).toEqual([]);
  });

  it('repeats messages word for word, within the hour', () => {
    const twice = groupBy(sent({ repeated: 0.2 }), keyOf).filter((copies) => copies.length === 2);

    expect(share(twice.length)).toBeGreaterThan(0.17);
    expect(share(twice.length)).toBeLessThan(0.23);
    for (const [first, second] of twice) {
      expect(second?.payload).toBe(first?.payload);
      expect(Number(second?.sendAt) - Number(first?.sendAt)).toBeLessThan(HOUR_MS);
    }
  });

  it('brings messages late, but none later than it was told', () => {
    const delays = sent({ late: 0.1, lateByHours: 12 }).map((message) => {
      return message.sendAt.getTime() - (readingsIn(message)[0]?.atMs ?? 0);
    });
    const late = delays.filter((delayMs) => delayMs > 5 * 60_000);

    expect(share(late.length)).toBeGreaterThan(0.07);
    expect(share(late.length)).toBeLessThan(0.12);
    expect(Math.max(...delays)).toBeLessThan(12.1 * HOUR_MS);
    expect(Math.max(...delays)).toBeGreaterThan(10 * HOUR_MS);
  });

  it('brings everything in the end, however late', () => {
    const faults = { late: 1, lateByHours: 36, outOfOrder: 1, repeated: 1 };
    const all = [...townWith(faults, 0.5).messagesBetween(startAt, hoursAfter(startAt, HOURS + 72))];
    const seen = new Set(
      all.flatMap((message) => readingsIn(message).map(({ atMs }) => `${message.meterSerial} ${atMs}`)),
    );

    const due = townWith({}, 0.5).homes.flatMap(({ meterSerial }) =>
      Array.from({ length: HOURS }, (_, hour) => `${meterSerial} ${startAt.getTime() + hour * HOUR_MS}`),
    );
    expect(due.filter((reading) => !seen.has(reading))).toEqual([]);
  });

  it('lets a message be overtaken by the next, and turns batches round', () => {
    const seqs = sentBy(townWith({ outOfOrder: 0.2 }), 'SW-0003', HOURS).map(seqOf);
    const turned = sent({ outOfOrder: 1 }, 1).map((message) => readingsIn(message).map(({ atMs }) => atMs));

    expect(seqs).not.toEqual(seqs.toSorted((a, b) => a - b));
    expect(turned.every((times) => String(times) === String(times.toSorted((a, b) => b - a)))).toBe(true);
  });

  it('exchanges a meter once: the dial falls to near zero and counts on', () => {
    const town = townWith({ exchanged: 5 });

    for (const { code } of town.homes) {
      const dial = dialOf(town, code, HOURS);
      const falls = dial.flatMap(({ indexLitres }, n) => (indexLitres < (dial[n - 1]?.indexLitres ?? 0) ? [n] : []));
      expect(falls.length).toBe(1);
      expect(dial[falls[0] ?? 0]?.indexLitres).toBeLessThan(10);
      expect(dial.at(-1)?.indexLitres).toBeGreaterThanOrEqual(dial[falls[0] ?? 0]?.indexLitres ?? 0);
    }
  });

  it('exchanges no more meters than its rate says', () => {
    const town = createTown({ seed: 'x', homes: 200, startAt, faults: { ...NO_FAULTS, exchanged: 0.2 } });
    const monthLater = hoursAfter(startAt, 30 * 24);
    const dialsAt = (from: Date) =>
      [...town.messagesBetween(from, hoursAfter(from, 0.5))].map((message) => ({
        meterSerial: message.meterSerial,
        indexLitres: readingsIn(message)[0]?.indexLitres ?? 0,
      }));
    const first = new Map(dialsAt(startAt).map(({ meterSerial, indexLitres }) => [meterSerial, indexLitres]));
    const exchanged = dialsAt(monthLater).filter(({ meterSerial, indexLitres }) => {
      return indexLitres < (first.get(meterSerial) ?? 0);
    });

    expect(first.size).toBe(200);
    expect(exchanged.length).toBeGreaterThan(20);
    expect(exchanged.length).toBeLessThan(60);
  });

  it('sets clocks wrong by five minutes at most, steadily', () => {
    const errors = townWith({ skewedClock: 1 }).homes.map(({ code }) => {
      const offHour = dialOf(townWith({ skewedClock: 1 }), code, 24).map(
        ({ atMs }) => Math.round(atMs / HOUR_MS) * HOUR_MS - atMs,
      );
      expect(new Set(offHour).size).toBe(1);
      return Math.abs(offHour[0] ?? 0);
    });

    expect(Math.max(...errors)).toBeLessThanOrEqual(5 * 60_000);
    expect(Math.min(...errors)).toBeGreaterThan(0);
  });
});
