import { beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { followPolicy } from '../../../src/main/policies.ts';
import { policyEnable, policyShow } from '../../../src/main/commands/policy.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const DAYS = 10;
const nights = Array.from({ length: DAYS }, () => [...each(12, 9), ...each(12, 0)]).flat();

/** Alarms every night: twelve hours without water are what the homes of this street live by. */
const HASTY = { kind: 'low-use', name: 'zero for 8 h', windowHours: 8, floorLitres: 0 };
const SELDOM = { kind: 'volume', name: 'over 2 m3 a day', litres: 2_000, per: 'day' };

beforeAll(async () => {
  await street.store(await street.home({ tier: 1 }), hourlyReadings(START, nights), DAYS * 24);
});

interface More {
  readonly reason?: string;
  readonly communities?: object;
  readonly escalation?: object;
  readonly voice?: Config['voice'];
}

async function enable(rule: object, { communities, escalation, voice, ...more }: More = {}) {
  const lines: string[] = [];
  const deps = {
    pool: database.pool,
    clock: handTurnedClock(afterHours(DAYS * 24)),
    print: (line: string) => void lines.push(line),
    voice,
  };
  const text = JSON.stringify({ tiers: { 1: { inactivity: 'off', rules: [rule], escalation } }, communities });
  const args = { text, path: 'policy.json', by: 'Wang Fang', days: DAYS, budget: 100, ...more };
  return { code: await policyEnable(deps, args), said: lines.join('\n') };
}

async function stored() {
  const { rows } = await database.pool.query('select enabled_by, reason, price from policy_in_force order by id');
  return rows as { enabled_by: string; reason: string | null; price: { per100HomesAMonth: number } }[];
}

describe('enabling a policy', () => {
  it('is refused above the budget where nobody says why, and shows what each rule would cost', async () => {
    const { code, said } = await enable(HASTY);
    expect(code).toBe(1);
    expect(said).toMatch(/low-use:zero for 8 h +1 +10/);
    expect(said).toContain('above the budget of 100');
    expect(said).toContain('refused');
    expect(await stored()).toEqual([]);
  });

  it('is granted within the budget, written down, and taken up by a service that runs', async () => {
    const policyNow = await followPolicy(database.pool, undefined, createLogger('silent'));
    expect((await policyNow()).policies[1].rules).toEqual([]);

    expect((await enable(SELDOM)).code).toBe(0);
    expect(await stored()).toMatchObject([{ enabled_by: 'Wang Fang', reason: null, price: { per100HomesAMonth: 0 } }]);
    const { rows } = await database.pool.query(
      `select actor, subject from audit_entry where action = 'policy.enabled'`,
    );
    expect(rows).toMatchObject([{ actor: 'Wang Fang' }]);
    expect((await policyNow()).policies[1].rules).toMatchObject([SELDOM]);
    expect((await database.pool.query('select from judge_note')).rowCount).toBeGreaterThan(0);
  });

  it('is granted above the budget to whoever says why', async () => {
    expect((await enable(HASTY, { reason: 'a heat wave' })).code).toBe(0);
    expect((await stored()).at(-1)).toMatchObject({ reason: 'a heat wave' });
    const lines: string[] = [];
    await policyShow({ pool: database.pool, print: (line) => void lines.push(line) });
    expect(lines[0]).toMatch(/^policy \d+, enabled .* by Wang Fang: a heat wave$/);
    expect(lines).toContain('  zero for 8 h: no water in 8 h');
  });

  it('is refused for a community that is not in the roster', async () => {
    const communities = { NOWHERE: { 1: { rules: [SELDOM] } } };
    await expect(enable(SELDOM, { communities })).rejects.toThrow('not in the roster: NOWHERE');
  });

  it('shows the price of a rule that holds in one community alone', async () => {
    const { rows } = await database.pool.query('select code from community limit 1');
    const code = (rows[0] as { code: string }).code;
    const { code: exit, said } = await enable(SELDOM, { communities: { [code]: { 1: { rules: [HASTY] } } } });
    expect(exit).toBe(1);
    expect(said).toMatch(/low-use:zero for 8 h +1 +10/);
  });

  it('that asks by voice is refused where nobody can be called, and granted where somebody can', async () => {
    const steps = [{ afterMinutes: 0, ask: [{ role: 'desk', position: 1 }], channels: ['sms', 'voice'] }];
    const escalation = { name: 'loud', steps, repeatLastEveryMinutes: 15, claimLapsesAfterMinutes: 30 };
    const before = await stored();
    await expect(enable(SELDOM, { escalation })).rejects.toThrow(
      'the policy asks by voice ("loud"), and there is no voice gateway: set TWILIO_VOICE_FROM, or leave "voice" out',
    );
    expect(await stored()).toEqual(before);

    expect((await enable(SELDOM, { escalation, voice: { driver: 'log' } })).code).toBe(0);
    const lines: string[] = [];
    await policyShow({ pool: database.pool, print: (line) => void lines.push(line) });
    expect(lines).toContain('  asks by "loud", 1 step(s), with calls at step 1');
  });

  it('cannot be rewritten', async () => {
    await expect(database.pool.query(`update policy_in_force set reason = 'none'`)).rejects.toThrow('append-only');
  });
});
