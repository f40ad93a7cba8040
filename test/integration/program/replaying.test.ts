import { beforeAll, describe, expect, it } from 'vitest';
import { untilFinished, startProgram, useBuiltProgram } from '../../support/program.ts';
import { useDatabase } from '../../support/database.ts';
import { townIn } from '../../support/town.ts';
import { aDay, ARRIVAL, topicOf } from '../../support/waterworks.ts';

const database = useDatabase();
useBuiltProgram();

const stillwater = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  untilFinished(startProgram(args, { env: { DATABASE_URL: database.url.reveal(), ...settings } }));

const MESSAGES = 2_400;
const count = async (statement: string): Promise<number> =>
  (await database.pool.query<{ count: number }>(statement)).rows[0]!.count;
const readings = () => count('select count(*) from register_reading');
const waiting = () => count('select count(*) from quarantined_message where replayed_at is null');

beforeAll(async () => {
  await townIn(() => database.pool).home({ code: 'SW-1', monitoredFrom: ARRIVAL });
  const payload = (n: number) => JSON.stringify({ at: new Date(ARRIVAL.getTime() - n * 60_000), index_l: 9_000 - n });
  await database.pool.query(
    `insert into quarantined_message (received_at, source, topic, payload, payload_bytes, reason)
     select $1, 'mqtt', $2, convert_to(payload, 'UTF8'), length(payload), 'unknown_meter' from unnest($3::text[]) payload`,
    [ARRIVAL, topicOf('M-SW-1'), Array.from({ length: MESSAGES }, (_, n) => payload(n))],
  );
});

describe('stillwater quarantine replay', () => {
  it('is killed at its worst moments, goes on where it was, and stores everything once', async () => {
    const killedAt = (moment: string) => stillwater(['quarantine', 'replay'], { CRASH_AT: moment });
    expect(await killedAt('replay.after_store:1')).toMatchObject({ signal: 'SIGKILL' });
    expect([await readings(), await waiting()]).toEqual([1_000, 2_400]);
    expect(await killedAt('replay.before_commit:2')).toMatchObject({ signal: 'SIGKILL' });
    expect([await readings(), await waiting()]).toEqual([2_000, 1_400]);

    const { code, stdout } = await stillwater(['quarantine', 'replay']);
    expect(code).toBe(0);
    expect(stdout).toBe('1400 of 1400 messages were taken: 400 new readings, 1000 that were there, 0 in conflict\n');
    expect([await readings(), await waiting()]).toEqual([MESSAGES, 0]);
    expect(await count('select count(*) from reading_conflict')).toBe(0);
  });

  it('gives a payload byte for byte', async () => {
    const { stdout } = await stillwater(['quarantine', 'show', '1', '--raw']);
    expect(JSON.parse(stdout)).toEqual({ at: ARRIVAL.toISOString(), index_l: 9_000 });
    expect((await stillwater(['quarantine', 'list', '--reason', 'bad mood'])).code).toBe(2);
  });
});

describe('stillwater meter', () => {
  it('exchanges a meter at the time that is said, and tells its history', async () => {
    const at = aDay()[20]!.at;
    await database.pool.query(`update meter_binding set bound_from = '2026-11-01T00:00:00Z'`);
    const exchange = ['meter', 'exchange', 'M-SW-1', 'M-9', '--at', at, '--final-index', '9100', '--first-index', '4'];
    const done = await stillwater(exchange);
    expect(done).toMatchObject({ code: 0, stderr: '' });

    const { stdout } = await stillwater(['meter', 'show', 'M-9']);
    expect(stdout).toMatch(/SW-1 +2026-11-23T08:00:00.000Z +further notice +4 L/);
    const again = await stillwater(exchange);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('meter M-SW-1 is at no home at');
  });
});
