import { beforeEach, describe, expect, it } from 'vitest';
import { quarantineList, quarantineShow } from '../../../src/main/commands/quarantine.ts';
import {
  countQuarantine,
  listQuarantine,
  type QuarantinedMessage,
  quarantine,
  trimQuarantine,
} from '../../../src/db/quarantine.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
beforeEach(async () => {
  await database.pool.query('truncate quarantined_message restart identity');
});

const NOON = new Date('2026-11-23T12:00:00Z');
const daysAgo = (days: number) => new Date(NOON.getTime() - days * 86_400_000);
const message = (changes: Partial<QuarantinedMessage> = {}): QuarantinedMessage => ({
  receivedAt: NOON,
  source: 'mqtt',
  topic: 'meters/WM-1/readings',
  payload: Buffer.from('{"at":'),
  payloadBytes: 6,
  reason: 'not_json',
  detail: 'Unexpected end of JSON input',
  ...changes,
});
const printed = async (print: (out: (line: string) => void) => Promise<void>) => {
  const lines: string[] = [];
  await print((line) => lines.push(line));
  return lines;
};

describe('the quarantine', () => {
  it('keeps the beginning of a message that is too large, and its length', async () => {
    const payload = Buffer.alloc(100_000, 'x');
    await quarantine(database.pool, [message({ payload, payloadBytes: 2_000_000, reason: 'too_large' })]);
    const { rows } = await database.pool.query(
      'select length(payload) as kept, payload_bytes from quarantined_message',
    );
    expect(rows).toEqual([{ kept: 65_536, payload_bytes: 2_000_000 }]);
  });

  it('keeps what PostgreSQL has no character for', async () => {
    await quarantine(database.pool, [
      message({ topic: 'meters/\0/readings', detail: 'a\0b', payload: Buffer.from([0, 255]) }),
    ]);
    expect(await listQuarantine(database.pool, { limit: 1 })).toMatchObject([
      { topic: 'meters/\uFFFD/readings', detail: 'a\uFFFDb' },
    ]);
  });

  it('lets go of what is old, and of the oldest where there is too much', async () => {
    const ages = [40, 31, 29, 3, 2, 1];
    await quarantine(
      database.pool,
      ages.map((age) => message({ receivedAt: daysAgo(age), detail: `${age} days` })),
    );
    const left = async () => (await listQuarantine(database.pool, { limit: 10 })).map(({ detail }) => detail);

    expect(await trimQuarantine(database.pool, { at: NOON, maxRows: 100, maxAgeDays: 30 })).toBe(2);
    expect(await left()).toEqual(['1 days', '2 days', '3 days', '29 days']);
    expect(await trimQuarantine(database.pool, { at: NOON, maxRows: 3, maxAgeDays: 30 })).toBe(1);
    expect(await left()).toEqual(['1 days', '2 days', '3 days']);
  });

  it('counts by reason, the most frequent first', async () => {
    await quarantine(database.pool, [message(), message({ reason: 'too_old' }), message()]);
    expect(await countQuarantine(database.pool)).toEqual([
      { reason: 'not_json', messages: 2 },
      { reason: 'too_old', messages: 1 },
    ]);
  });
});

describe('stillwater quarantine', () => {
  it('lists the counts and the newest messages', async () => {
    await quarantine(database.pool, [message(), message({ reason: 'unknown_meter', detail: 'no meter WM-1' })]);
    expect(await printed((out) => quarantineList(database.pool, out))).toEqual([
      '1  not_json',
      '1  unknown_meter',
      '',
      'id  received                  reason         bytes  topic                 detail',
      '2   2026-11-23T12:00:00.000Z  unknown_meter  6      meters/WM-1/readings  no meter WM-1',
      '1   2026-11-23T12:00:00.000Z  not_json       6      meters/WM-1/readings  Unexpected end of JSON input',
    ]);
  });

  it('says that there is nothing', async () => {
    expect(await printed((out) => quarantineList(database.pool, out))).toEqual(['the quarantine is empty']);
  });

  it('shows a message without letting it steer the terminal', async () => {
    const payload = Buffer.from('\u001b[2J{"a":"水\\n"}\n');
    await quarantine(database.pool, [message({ payload, payloadBytes: 300_000, detail: '\u001b]0;' })]);
    expect(await printed((out) => quarantineShow(database.pool, 1, out))).toEqual([
      'id        1',
      'received  2026-11-23T12:00:00.000Z',
      'topic     meters/WM-1/readings',
      'reason    not_json',
      'detail    \\x1b]0;',
      `bytes     300000, of which the first ${payload.length} are kept`,
      '',
      '\\x1b[2J{"a":"\\xe6\\xb0\\xb4\\\\n"}\\x0a',
    ]);
  });

  it('refuses to show what is not there', async () => {
    await expect(quarantineShow(database.pool, 99, () => undefined)).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
