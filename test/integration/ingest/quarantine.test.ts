import { beforeEach, describe, expect, it } from 'vitest';
import { quarantineList, quarantineShow, quarantinedPayload } from '../../../src/main/commands/quarantine.ts';
import { type QuarantinedMessage, quarantine } from '../../../src/db/quarantine.ts';
import { countQuarantine, listQuarantine, listUnknownMeters } from '../../../src/db/quarantine-list.ts';
import { type QuarantineBounds, trimQuarantine } from '../../../src/ingest/quarantine/trim.ts';
import { MAX_PAYLOAD_BYTES } from '../../../src/ingest/interpret.ts';
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
  it('keeps whole whatever could be read, so that it can be read again', async () => {
    const payload = Buffer.alloc(MAX_PAYLOAD_BYTES, 'x');
    await quarantine(database.pool, [message({ payload, payloadBytes: payload.byteLength })]);
    expect(Buffer.from(await quarantinedPayload(database.pool, 1)).equals(payload)).toBe(true);
  });

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
    expect(await listQuarantine(database.pool, {}, 1)).toMatchObject([
      { topic: 'meters/\uFFFD/readings', detail: 'a\uFFFDb' },
    ]);
  });

  it('counts by reason, the most frequent first, and says from when to when they came', async () => {
    await quarantine(database.pool, [
      message({ receivedAt: daysAgo(2) }),
      message({ reason: 'too_old', receivedAt: daysAgo(5) }),
      message({ receivedAt: daysAgo(1) }),
    ]);
    expect(await countQuarantine(database.pool)).toEqual([
      { reason: 'not_json', messages: 2, firstAt: daysAgo(2), lastAt: daysAgo(1) },
      { reason: 'too_old', messages: 1, firstAt: daysAgo(5), lastAt: daysAgo(5) },
    ]);
  });

  it('names the meters that nobody knows, and the one that was mistyped', async () => {
    await database.pool.query(`insert into meter (serial) values ('WM-0077') on conflict do nothing`);
    const unknown = (serial: string) => message({ reason: 'unknown_meter', serial });
    await quarantine(database.pool, [unknown('wm0077'), unknown('WM-3'), unknown('wm0077'), message()]);

    const at = { firstAt: NOON, lastAt: NOON };
    expect(await listUnknownMeters(database.pool, 10)).toEqual([
      { serial: 'wm0077', messages: 2, ...at, alike: 'WM-0077' },
      { serial: 'WM-3', messages: 1, ...at, alike: null },
    ]);
    expect(await listUnknownMeters(database.pool, 1)).toHaveLength(1);
  });

  it.each([
    [{ reason: 'not_json' }, ['3', '1']],
    [{ serial: 'WM-2' }, ['3', '2']],
    [{ serial: 'WM-2', reason: 'too_old' }, ['2']],
    [{ serial: 'M-2' }, []],
    [{}, ['3', '2', '1']],
  ])('lists only what is asked for: %j', async (filter, ids) => {
    await quarantine(database.pool, [
      message(),
      message({ topic: 'x', reason: 'too_old', serial: 'WM-2' }),
      message({ topic: 'head-ends/h/meters/WM-2/readings' }),
    ]);
    expect((await listQuarantine(database.pool, filter, 10)).map(({ id }) => String(id))).toEqual(ids);
  });
});

describe('the bounds of the quarantine', () => {
  const plenty = { messages: 100, bytes: 1_000_000 };
  const within = (bounds: Partial<QuarantineBounds>) =>
    trimQuarantine(
      database.pool,
      { maxAgeDays: 90, total: plenty, eachSender: plenty, eachReason: plenty, ...bounds },
      NOON,
    );
  const left = async () => {
    const { rows } = await database.pool.query<{ detail: string }>(
      'select detail from quarantined_message order by id',
    );
    return rows.map(({ detail }) => detail);
  };
  const keep = (...messages: Partial<QuarantinedMessage>[]) =>
    quarantine(
      database.pool,
      messages.map((changes) => message(changes)),
    );
  const some = (count: number, changes: Partial<QuarantinedMessage>) =>
    Array.from({ length: count }, (_, n) => ({
      detail: `${changes.topic ?? changes.reason ?? ''} ${n + 1}`,
      ...changes,
    }));

  it('let go of what is old', async () => {
    await keep(...[40, 31, 29, 3].map((age) => ({ receivedAt: daysAgo(age), detail: `${age} days` })));

    expect(await within({ maxAgeDays: 30 })).toEqual([{ reason: 'not_json', waiting: 2, replayed: 0 }]);
    expect(await left()).toEqual(['29 days', '3 days']);
    expect(await within({ maxAgeDays: 30 })).toEqual([]);
  });

  it('let go of the oldest where there are too many', async () => {
    await keep(...some(4, { topic: 'a/b' }));
    await within({ total: { messages: 2, bytes: 1_000_000 } });
    expect(await left()).toEqual(['a/b 3', 'a/b 4']);
  });

  it('let go of the oldest where there is too much', async () => {
    await keep(...some(4, { topic: 'a/b', payload: Buffer.alloc(1_000, 'x'), payloadBytes: 1_000 }));
    await within({ total: { messages: 100, bytes: 2_999 } });
    expect(await left()).toEqual(['a/b 3', 'a/b 4']);
  });

  it('let go first of what was taken since', async () => {
    await keep(...some(4, { topic: 'a/b' }));
    await database.pool.query('update quarantined_message set replayed_at = $1 where id in (1, 4)', [NOON]);

    const [gone] = await within({ total: { messages: 3, bytes: 1_000_000 } });
    expect(gone).toEqual({ reason: 'not_json', waiting: 0, replayed: 1 });
    await within({ total: { messages: 2, bytes: 1_000_000 } });
    expect(await left()).toEqual(['a/b 2', 'a/b 3']);
  });

  it('do not let a flood from one sender push out what came before from others', async () => {
    await keep({ detail: 'the one that matters' });
    await keep(...some(20, { topic: 'meters/broken/readings' }), ...some(20, { topic: 'meters/broken/status' }));
    await within({ total: { messages: 10, bytes: 1_000_000 }, eachSender: { messages: 3, bytes: 1_000_000 } });
    expect(await left()).toEqual([
      'the one that matters',
      ...['18', '19', '20'].map((n) => `meters/broken/status ${n}`),
    ]);
  });

  it('do not let large messages of one sender do it either', async () => {
    await keep({ detail: 'the one that matters' });
    await keep(...some(5, { topic: 'meters/broken/x', payload: Buffer.alloc(1_000, 'x'), payloadBytes: 1_000 }));
    await within({ total: { messages: 100, bytes: 4_000 }, eachSender: { messages: 100, bytes: 1_500 } });
    expect(await left()).toEqual(['the one that matters', 'meters/broken/x 5']);
  });

  it('do not let a flood of invented senders push out what is there for another reason', async () => {
    await keep({ detail: 'the one that matters' });
    await keep(
      ...Array.from({ length: 20 }, (_, n) => ({
        topic: `meters/invented-${n}/readings`,
        reason: 'unknown_meter' as const,
        detail: `invented ${n}`,
      })),
    );
    await within({ total: { messages: 10, bytes: 1_000_000 }, eachReason: { messages: 2, bytes: 1_000_000 } });
    expect(await left()).toEqual(['the one that matters', 'invented 18', 'invented 19']);
  });
});

describe('stillwater quarantine', () => {
  it('lists the counts, the unknown meters and the newest messages', async () => {
    const unknown = { reason: 'unknown_meter', detail: 'no meter WM-1 is registered', serial: 'WM-1' } as const;
    await quarantine(database.pool, [message(), message(unknown)]);
    expect(await printed((out) => quarantineList(database.pool, {}, out))).toEqual([
      'messages  reason         first                     last',
      '1         not_json       2026-11-23T12:00:00.000Z  2026-11-23T12:00:00.000Z',
      '1         unknown_meter  2026-11-23T12:00:00.000Z  2026-11-23T12:00:00.000Z',
      '',
      'meters that send and that nobody registered:',
      'meter  messages  first                     last',
      'WM-1   1         2026-11-23T12:00:00.000Z  2026-11-23T12:00:00.000Z',
      '',
      'id  received                  reason         bytes  topic                 detail',
      '2   2026-11-23T12:00:00.000Z  unknown_meter  6      meters/WM-1/readings  no meter WM-1 is registered',
      '1   2026-11-23T12:00:00.000Z  not_json       6      meters/WM-1/readings  Unexpected end of JSON input',
    ]);
    expect(await printed((out) => quarantineList(database.pool, { reason: 'too_old' }, out))).toContain(
      'no message is like this',
    );
  });

  it('gives the same as one line of JSON', async () => {
    await quarantine(database.pool, [message({ detail: '\u001b]0;' })]);
    const [line = '', ...others] = await printed((out) => quarantineList(database.pool, { json: true }, out));
    expect(others).toEqual([]);
    expect(line).not.toContain('\u001b');
    expect(JSON.parse(line)).toMatchObject({
      counts: [{ reason: 'not_json', messages: 1 }],
      unknownMeters: [],
      messages: [{ id: 1, topic: 'meters/WM-1/readings', receivedAt: NOON.toISOString() }],
    });
  });

  it('says that there is nothing', async () => {
    expect(await printed((out) => quarantineList(database.pool, {}, out))).toEqual(['the quarantine is empty']);
  });

  it('shows a message without letting it steer the terminal', async () => {
    const payload = Buffer.from('\u001b[2J{"a":"水\\n"}\n');
    await quarantine(database.pool, [message({ payload, payloadBytes: 300_000, detail: '\u001b]0;' })]);
    expect(await printed((out) => quarantineShow(database.pool, 1, out))).toEqual([
      'id        1',
      'received  2026-11-23T12:00:00.000Z (mqtt)',
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
