import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { storedHomes } from '../../../src/detectors/backtest/backtest.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { backtestCommand } from '../../../src/main/commands/backtest.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const DAYS = 20;
const lowUse = (windowHours: number) => ({ lowUse: { windowHours, floorLitres: 6, minCoverage: 0.9 } });
const fixed = (windowHours: number) => {
  const rules = { ...lowUse(windowHours), inactivity: 'off' } as const;
  return tierPolicies({ 1: rules, 2: rules, 3: rules });
};
/** Twelve hours of use, twelve of none: what an elderly couple's days look like. */
const days = (count: number) => Array.from({ length: count }, () => [...each(12, 9), ...each(12, 0)]).flat();

beforeAll(async () => {
  const [regular, traveller] = [await street.home({ tier: 1 }), await street.home({ tier: 2 })];
  await street.store(regular, hourlyReadings(START, days(DAYS)), DAYS * 24);
  await street.store(traveller, hourlyReadings(START, [...days(8), ...each(48, 0), ...days(DAYS - 10)]), DAYS * 24);
});

async function replayed(windowHours: number, budget: number) {
  const lines: string[] = [];
  const clock = handTurnedClock(afterHours(DAYS * 24));
  const policies = fixed(windowHours);
  const replayed = await storedHomes(database.pool, policies, { at: clock.now(), days: DAYS });
  const deps = { replayed, policies, print: (line: string) => void lines.push(line) };
  const code = await backtestCommand(deps, { days: DAYS, budget, json: true });
  const result = JSON.parse(lines[0]!) as {
    prices: { tier: number | string; detector: string; alarms: number; per100HomesAMonth: number }[];
    promptness: { incident: string; medianHours: number; within24: number; missed: number }[];
  };
  return { code, ...result };
}

describe('a replay of stored readings', () => {
  it('counts an alarm for two days away, by detector and tier, per 100 homes a month', async () => {
    const { prices, code } = await replayed(24, 100);
    const alarmsOf = (tier: number) =>
      prices.filter((price) => price.tier === tier).map(({ detector, alarms }) => `${detector} ${alarms}`);
    expect(alarmsOf(1)).toEqual(['low-use 0', 'running-water 0', 'all 0']);
    expect(prices.filter(({ tier, detector }) => tier === 2 && detector !== 'running-water')).toMatchObject([
      { detector: 'low-use', alarms: 1 },
      { detector: 'all', alarms: 1 },
    ]);
    expect(prices.at(-1)).toMatchObject({ tier: 'all', detector: 'all', alarms: 1 });
    expect(prices.at(-1)!.per100HomesAMonth).toBeCloseTo((100 * 30.4375) / (2 * DAYS), 1);
    expect(code).toBe(0);
  });

  it('ends with a problem where a hasty rule alarms every night, and shows what it gains', async () => {
    const hasty = await replayed(10, 100);
    const patient = await replayed(24, 100);
    expect(hasty.code).toBe(1);
    expect(hasty.prices.at(-1)!.alarms).toBeGreaterThan(30);
    const found = (result: typeof hasty, incident: string) =>
      result.promptness.find((each) => each.incident === incident)!;
    expect(found(patient, 'stop')).toMatchObject({ within24: 1, missed: 0 });
    expect(found(hasty, 'stop').medianHours).toBeLessThan(found(patient, 'stop').medianHours);
    expect(found(patient, 'tap').medianHours).toBeLessThan(8);
  });

  it('says it in words to people', async () => {
    const lines: string[] = [];
    const clock = handTurnedClock(afterHours(DAYS * 24));
    const policies = fixed(24);
    const replayed = await storedHomes(database.pool, policies, { at: clock.now(), days: DAYS });
    const picture = join(mkdtempSync(join(tmpdir(), 'backtest-')), 'curve.html');
    const deps = { replayed, policies, print: (line: string) => void lines.push(line) };
    await backtestCommand(deps, { days: DAYS, budget: 10, picture });
    const page = readFileSync(picture, 'utf8');
    for (const rule of ['tier 1', 'zero for 24 h', '12 h &lt; 10 L']) expect(page).toContain(`>${rule}</text>`);
    expect(page).toContain('above the budget of 10');
    expect(lines.at(-1)).toBe('76.1 alarms per 100 homes a month: above the budget of 10');
    expect(lines.join('\n')).toContain('nobody uses water any more');
  });
});
