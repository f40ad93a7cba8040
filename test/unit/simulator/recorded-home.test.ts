import { describe, expect, it } from 'vitest';
import { ampds2Home } from '../../../simulator/recorded/ampds2.ts';
import { readRealHome } from '../../../simulator/recorded/real-readings.ts';
import { createTown } from '../../../simulator/town/town.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { dialOf, leastIn, litresByHour, longestFlow } from './read-town.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const HEADER = 'unix_ts,register_litres';

/** A recording of `hours` hours in which the register stands at `litresAt(hour)`. */
function recordingOf(hours: number, litresAt: (hour: number) => number): string {
  const rows = Array.from({ length: hours + 1 }, (_, hour) => `${1_337_583_600 + hour * 3_600},${litresAt(hour)}`);
  return [HEADER, ...rows].join('\n');
}

describe('reading a recording', () => {
  it('floors the register to whole litres and loses none over time', () => {
    const { firstIndexLitres, litresByHour: volumes } = readRealHome(recordingOf(24, (hour) => 100.9 + hour * 0.25));

    expect(firstIndexLitres).toBe(100);
    expect(volumes.length).toBe(24);
    expect(volumes.reduce((sum, volume) => sum + volume, 0)).toBe(6);
  });

  it('keeps whole days only', () => {
    expect(readRealHome(recordingOf(53, (hour) => hour)).litresByHour.length).toBe(48);
    expect(() => readRealHome(recordingOf(23, (hour) => hour))).toThrow('shorter than a day');
  });

  it('names the line where a recording is wrong', () => {
    expect(() => readRealHome('time,litres\n')).toThrow('line 1');
    expect(() => readRealHome(recordingOf(30, (hour) => (hour === 7 ? Number.NaN : hour)))).toThrow('line 9');
    expect(() => readRealHome(recordingOf(30, (hour) => (hour === 7 ? 0 : hour)))).toThrow(
      'line 9: the register falls',
    );
    const lines = recordingOf(30, (hour) => hour).split('\n');
    expect(() => readRealHome(lines.toSpliced(5, 1).join('\n'))).toThrow('line 6: not an hour');
  });
});

describe('the real family that ships with the project', () => {
  const { litresByHour: volumes } = ampds2Home();

  it('lived an ordinary life: the figures in its README are true', () => {
    const around = [...volumes, ...volumes.slice(0, 24)];
    const most = (hours: number) =>
      -leastIn(
        around.map((volume) => -volume),
        hours,
      );

    expect(volumes.length).toBe(45 * 24);
    expect(leastIn(around, 24)).toBe(57);
    expect([2, 3, 4, 6, 24].map((hours) => longestFlow(around, hours))).toEqual([102, 68, 57, 23, 0]);
    expect([most(4), most(24)]).toEqual([367, 723]);
  });
});

describe('a home that lives by a recording', () => {
  const recording = readRealHome(recordingOf(48, (hour) => hour * hour));

  it('is read like any other, from the first recorded hour at midnight, and begins again after the last', () => {
    const town = createTown({ seed: 1, homes: 1, startAt, realHome: recording });
    const dial = dialOf(town, 'SW-9001', 80);

    expect(dial[0]).toEqual({ atMs: startAt.getTime(), indexLitres: recording.firstIndexLitres });
    expect(litresByHour(dial)).toEqual([...recording.litresByHour, ...recording.litresByHour].slice(0, 79));
  });

  it('keeps its hours of the day when the town begins at noon', () => {
    const noon = new Date(startAt.getTime() + 12 * HOUR_MS);
    const town = createTown({ seed: 1, homes: 0, startAt: noon, realHome: recording });

    expect(litresByHour(dialOf(town, 'SW-9001', 20))).toEqual(recording.litresByHour.slice(12, 31));
  });

  it('can have an incident like everybody else', () => {
    const from = new Date(startAt.getTime() + 10 * HOUR_MS);
    const incidents = [{ kind: 'stops', homeCode: 'SW-9001', from }] as const;
    const town = createTown({ seed: 1, homes: 0, startAt, realHome: recording, incidents });

    expect(litresByHour(dialOf(town, 'SW-9001', 30)).slice(10)).toEqual(Array.from({ length: 19 }, () => 0));
  });
});
