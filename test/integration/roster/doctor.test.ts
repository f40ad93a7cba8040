import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, handTurnedClock, systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { enablePolicy } from '../../../src/detectors/enable-policy.ts';
import { doctorCommand } from '../../../src/main/commands/doctor.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
const NOBODY_LISTENS = '127.0.0.1:1';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillwater-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => emptyRoster(database.pool));

async function consult(env: Record<string, string>, options: { clock?: Clock; plain?: boolean } = {}) {
  const lines: string[] = [];
  const code = await doctorCommand({
    env: { STILLWATER_DATA_DIR: join(folder, 'data'), ...env },
    clock: options.clock ?? systemClock,
    log: createLogger('silent'),
    plain: options.plain ?? false,
    print: (line) => lines.push(line),
  });
  return { code, text: lines.join('\n') };
}

describe('stillwater doctor', () => {
  it('names every mistake of the configuration at once', async () => {
    const { code, text } = await consult({ DATABASE_URL: 'mysql://db', HTTP_PORT: 'many', TIME_ZONE: 'Mars' });

    expect(code).toBe(1);
    expect(text).toMatch(/✗ configuration[^]*DATABASE_URL[^]*HTTP_PORT[^]*TIME_ZONE/);
  });

  it('looks at the embedded parts without starting them', async () => {
    const { code, text } = await consult({});

    expect(code).toBe(0);
    expect(text).toMatch(/✓ embedded PostgreSQL .*it only runs while we serve/);
    expect(text).toMatch(/✓ MQTT broker .*embedded/);
    expect(text).toMatch(/✓ data directory .*GB free/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('finds a town in order, and says that readings are not compressed', async () => {
    const households = TOWN_FILES.households.replace(/WL-003.*\r\n/, '');
    await importTexts(database.pool, { ...TOWN_FILES, households });
    const { code, text } = await consult({ DATABASE_URL: database.url.reveal() });

    expect(code).toBe(0);
    expect(text).toMatch(/✓ PostgreSQL +\d\d/);
    expect(text).toMatch(/✓ schema +up to date/);
    expect(text).toMatch(/✓ roster +2 household\(s\), each with a meter, people and a desk/);
    expect(text).toMatch(/! TimescaleDB +not installed/);
    expect(text).not.toContain('✗');
  });

  it('finds homes that lack people, and a city without a desk', async () => {
    await importTexts(database.pool, { ...TOWN_FILES, staff: 'community,role,position,phone\n' });
    const { code, text } = await consult({ DATABASE_URL: database.url.reveal() });

    expect(code).toBe(1);
    expect(text).toMatch(/✗ roster +3 households with no duty desk/);
    expect(text).toMatch(/! roster +1 household with no guardian who can be texted: WL-003/);
  });

  it('goes on after a part that cannot be reached', async () => {
    const { code, text } = await consult({
      DATABASE_URL: `postgresql://someone:a-password@${NOBODY_LISTENS}/db`,
      REDIS_URL: `redis://:a-password@${NOBODY_LISTENS}`,
      MQTT_URL: `mqtt://${NOBODY_LISTENS}`,
      MQTT_PASSWORD: 'a-password',
      STILLWATER_POLICY_FILE: join(folder, 'no-such-file.json'),
    });

    expect(code).toBe(1);
    for (const part of ['PostgreSQL', 'Redis', 'MQTT broker', 'policy file']) expect(text).toContain(`✗ ${part}`);
    expect(text).toContain('4 problem(s)');
    expect(text).not.toContain('a-password');
  });

  it('sees that the database’s clock is not ours', async () => {
    const { text } = await consult(
      { DATABASE_URL: database.url.reveal() },
      { clock: handTurnedClock(new Date('2020-01-01T00:00:00Z')) },
    );

    expect(text).toMatch(/✗ clocks +the database is \d+ s ahead of us/);
  });

  it('asks for a migration, and does not look into tables that are not there', async () => {
    await database.pool.query('drop database if exists unmigrated');
    await database.pool.query('create database unmigrated');
    const url = new URL(database.url.reveal());
    url.pathname = '/unmigrated';
    const { code, text } = await consult({ DATABASE_URL: url.href });
    await database.pool.query('drop database unmigrated');

    expect(code).toBe(1);
    expect(text).toMatch(/✗ schema +\d+ migration\(s\) not applied\n.*stillwater migrate/);
    expect(text).not.toContain('roster');
  });

  const CALLING = {
    name: 'loud',
    steps: [{ afterMinutes: 0, ask: [{ role: 'desk', position: 1 }], channels: ['voice'] }],
    repeatLastEveryMinutes: 15,
    claimLapsesAfterMinutes: 30,
  };
  const PRICE = { per100HomesAMonth: 0, days: 90, budget: 100, isWithin: true, prices: [] };
  const NOBODY_CALLS = /asks by voice \("loud"\), and there is no voice gateway: set TWILIO_VOICE_FROM/;

  it('finds a policy file that asks by voice where nobody can be called', async () => {
    const policy = join(folder, 'calling.json');
    writeFileSync(policy, JSON.stringify({ tiers: { 2: { escalation: CALLING } } }));
    const without = await consult({ STILLWATER_POLICY_FILE: policy });
    const withVoice = await consult({ STILLWATER_POLICY_FILE: policy, TWILIO_VOICE_FROM: '+15005550006' });
    rmSync(policy);

    expect(without.code).toBe(1);
    expect(without.text).toMatch(/✗ policy file/);
    expect(without.text).toMatch(NOBODY_CALLS);
    expect(withVoice.text).toMatch(/✓ policy file/);
    expect(withVoice.text).toMatch(/✓ SMS settings +log; calls by log/);
  });

  it('finds an enabled policy that asks by voice where nobody can be called any more', async () => {
    const env = { DATABASE_URL: database.url.reveal() };
    const silent = await consult(env);
    expect(silent.text).not.toContain('policy: calls');
    const enable = (tiers: object) =>
      enablePolicy(
        { pool: database.pool, clock: systemClock },
        { policy: JSON.stringify({ tiers }), by: 'Wang Fang', reason: undefined, price: PRICE },
      );
    await enable({ 2: { escalation: CALLING } });

    const { code, text } = await consult(env);
    expect(code).toBe(1);
    expect(text).toMatch(/✗ policy: calls/);
    expect(text).toMatch(NOBODY_CALLS);
    expect((await consult({ ...env, TWILIO_VOICE_FROM: '+15005550006' })).text).toMatch(/✓ policy: calls/);
    await enable({});
    expect((await consult(env)).text).not.toContain('policy: calls');
  });

  it('reads the policy file before the service has to', async () => {
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, '{"tiers":{"4":{}}}');
    const { text } = await consult({ STILLWATER_POLICY_FILE: policy });
    rmSync(policy);

    expect(text).toMatch(/✗ policy file[^]*Unrecognized key: "4"/);
  });

  it('speaks plainly to a terminal that knows no signs', async () => {
    const { text } = await consult({ REDIS_URL: `redis://${NOBODY_LISTENS}` }, { plain: true });

    expect(text).toMatch(/^ok +MQTT broker/m);
    expect(text).toMatch(/^PROBLEM Redis/m);
    expect(text).not.toMatch(/[✓✗→]/);
  });
});
