import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backtest, recordedHomes } from '../../../src/detectors/backtest/backtest.ts';
import { readHomes } from '../../../src/detectors/backtest/read-homes.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { backtestPicture } from '../../../src/main/commands/backtest-picture.ts';

const folder = mkdtempSync(join(tmpdir(), 'recordings-'));
const zone = 'Asia/Shanghai';
const stored = (name: string, lines: readonly string[]) => {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};
/** Fifty days of water in every hour from seven to midnight. */
const days = Array.from({ length: 50 }, (_, day) => day);
const hours = days.flatMap((day) => Array.from({ length: 24 }, (_, hour) => ({ day, hour })));
const readings = stored('readings.csv', [
  'meter,local_time,register_l',
  ...['WM-1', 'WM-2', 'WM-3'].flatMap((meter) => {
    let drawn = 100;
    return hours.map(({ day, hour }) => {
      if (hour >= 7) drawn += 10;
      const date = new Date(Date.UTC(2026, 0, 1 + day, hour)).toISOString();
      return `${meter},${date.slice(0, 19).replace('T', ' ')},${drawn}.0`;
    });
  }),
]);
const households = stored('households.csv', ['meter,tier', 'WM-1,1', 'WM-2,']);

describe('a backtest of a recording', () => {
  it('takes the homes that are named, with their tiers, and compares each tier with the rules of others', async () => {
    const homes = await readHomes(readings, households, zone);
    expect(homes.map(({ meter, tier }) => [meter, tier])).toEqual([
      ['WM-1', 1],
      ['WM-2', undefined],
    ]);
    const policies = tierPolicies();
    const replayed = recordedHomes(homes, policies, { days: 20, zone });
    const { homes: judged, promptness, marks } = await backtest(replayed, policies, { isCompared: true });
    expect(judged.map(({ tier, days: known, alarms }) => [tier, Math.round(known), alarms.length])).toEqual([
      [1, 20, 0],
      [2, 20, 0],
    ]);
    expect(promptness.map(({ incident, missed }) => [incident, missed])).toEqual([
      ['stop', 0],
      ['stop_under_leak', 0],
      ['tap', 0],
    ]);
    const hoursOf = (rule: string) => marks.find(({ name }) => name === rule)?.hours ?? 0;
    expect(hoursOf('zero for 8 h')).toBeLessThanOrEqual(8);
    expect(hoursOf('zero for 24 h')).toBeGreaterThan(20);
    expect(hoursOf('tier 1')).toBeLessThan(hoursOf('zero for 24 h'));
  });

  it('says what is wrong with a file, and with the name of a picture', async () => {
    const nameless = stored('nameless.csv', ['serial', 'WM-1']);
    await expect(readHomes(readings, nameless, zone)).rejects.toThrow('lacks the columns meter');
    const garbled = stored('garbled.csv', ['meter,local_time,register_l', 'WM-1,yesterday,5']);
    await expect(readHomes(garbled, households, zone)).rejects.toThrow('cannot read WM-1,yesterday,5');
    const pictured = { marks: [], homes: 0, years: 0, tables: [], verdict: '' };
    expect(() => backtestPicture('curve.png', pictured)).toThrow('ends in .html or .svg');
  });
});
