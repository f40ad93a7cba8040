import { beforeEach, describe, expect, it } from 'vitest';
import { countWaiting, markRefused } from '../../../src/db/quarantine-replay.ts';
import { inTransaction } from '../../../src/db/sql.ts';
import type { Decoder } from '../../../src/ingest/decoders/decoder.ts';
import { replayQuarantine } from '../../../src/ingest/quarantine/replay.ts';
import { quarantineReplay } from '../../../src/main/commands/quarantine-replay.ts';
import { useDatabase } from '../../support/database.ts';
import { failingAt } from '../../support/failing-pool.ts';
import { fixedFormat, LATER, message, quarantineOf, tally } from '../../support/quarantine.ts';
import { fingerprintOf } from '../../support/table-dump.ts';
import { aDay, ARRIVAL, registerMeter, storedReadings, topicOf } from '../../support/waterworks.ts';

const database = useDatabase();
const { arrive, deps, empty, entries, rows } = quarantineOf(database);
beforeEach(empty);

describe('a replay after a fix', () => {
  it('takes what is understood now, as of the time at which it came', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1005 at 2026-11-23T11:00:00Z', { source: 'http' }));
    expect(await entries()).toMatchObject([{ reason: 'unknown_topic', replayed_at: null }]);

    expect(await replayQuarantine(deps(), {})).toEqual(tally({ messages: 1, taken: 1, stored: 1 }));
    expect(await rows('select index_l, received_at from register_reading')).toEqual([
      { index_l: 1_005, received_at: ARRIVAL },
    ]);
    expect(await entries()).toMatchObject([{ reason: 'unknown_topic', replayed_at: LATER }]);
    expect(await rows('select received_at, first_read_at from ingest_batch')).toEqual([
      { received_at: LATER, first_read_at: [new Date('2026-11-23T11:00:00Z')] },
    ]);
  });

  it('leaves a line in the audit, with figures and without anybody’s words', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1 at 2026-11-23T11:00:00Z'), message(topicOf(serial), 'secret words'));
    await replayQuarantine(deps(), {});

    const [entry] = await rows('select at, actor, action, detail from audit_entry order by id desc limit 1');
    const detail = tally({ messages: 2, taken: 1, stored: 1, refused: { not_json: 1 } });
    expect(entry).toEqual({ at: LATER, actor: 'a clerk', action: 'quarantine.replayed', detail });
  });

  it('keeps what is refused again in its place, with the reason of today', async () => {
    await arrive(message('words/WM-nobody', '1 at 2026-11-23T11:00:00Z'));

    expect(await replayQuarantine(deps(), {})).toEqual(tally({ messages: 1, refused: { unknown_meter: 1 } }));
    expect(await entries()).toEqual([
      {
        id: 1,
        reason: 'unknown_meter',
        detail: 'no meter WM-nobody is registered',
        serial: 'WM-nobody',
        replayed_at: null,
        retried_at: LATER,
      },
    ]);
  });

  it('takes the good part of a message again, and keeps the message for the other', async () => {
    const serial = await registerMeter(database.pool);
    const [first, second] = aDay();
    await arrive(message(topicOf(serial), JSON.stringify({ readings: [first, { ...second, index_l: -1 }, second] })));
    await database.pool.query('truncate register_reading');

    expect(await replayQuarantine(deps(), {})).toEqual(
      tally({ messages: 1, stored: 2, refused: { schema_mismatch: 1 } }),
    );
    expect(await entries()).toMatchObject([{ replayed_at: null, serial }]);
  });

  it('does not take a second time what it has taken', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1 at 2026-11-23T11:00:00Z'));
    await replayQuarantine(deps(), {});
    expect(await replayQuarantine(deps(), {})).toEqual(tally({}));
  });

  it('says how it would be and writes nothing, when that is all that is asked', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1 at 2026-11-23T11:00:00Z'), message('words/WM-nobody', '1 at 2026'));
    const before = await fingerprintOf(database.pool);

    const found = await replayQuarantine(deps(), {}, { dryRun: true });
    expect(found).toEqual(tally({ messages: 2, taken: 1, refused: { unknown_meter: 1 } }));
    expect(await fingerprintOf(database.pool)).toEqual(before);
  });

  it.each([
    ['a reason', { reason: 'not_json' }, [1, 2]],
    ['a meter', { serial: 'WM-far' }, [2, 3]],
    ['a number', { id: 3 }, [3]],
    ['nothing', {}, [1, 2, 3]],
  ])('looks only at the messages of %s, where that is given', async (_what, filter, expected) => {
    const words = message(topicOf('WM-near'), 'words');
    await arrive(words, message(topicOf('WM-far'), 'words'), message(topicOf('WM-far'), '[]'));
    await replayQuarantine(deps(), filter);
    const retried = (await entries()).filter(({ retried_at }) => retried_at !== null).map(({ id }) => id);
    expect(retried).toEqual(expected);
  });

  it('cannot read a message of which only the beginning was kept, and leaves it alone', async () => {
    await arrive(message(topicOf('WM-large'), 'x'.repeat(10), { payloadBytes: 2_000_000 }));

    expect(await replayQuarantine(deps(), {})).toEqual(tally({}));
    expect(await countWaiting(database.pool, {})).toEqual({ whole: 0, cut: 1 });
    expect(await entries()).toMatchObject([{ reason: 'too_large', retried_at: null }]);
  });

  it('does not let one message that the database refuses hold up the others', async () => {
    const serial = await registerMeter(database.pool);
    const times = Array.from({ length: 9 }, (_, hour) => `2026-11-23T0${hour}:00:00Z`);
    await arrive(...times.map((at, n) => message(`words/${serial}`, `${n === 4 ? '1e300' : n} at ${at}`)));
    const careless: Decoder = {
      ...fixedFormat,
      decode: (identity, payload, at) => {
        const text = Buffer.from(payload).toString();
        const read = fixedFormat.decode(identity, Buffer.from(text.replace('1e300', '1')), at);
        if (read.ok && text.startsWith('1e300')) Object.assign(read.value.readings[0]!, { indexLitres: -1 });
        return read;
      },
    };

    expect(await replayQuarantine(deps([careless]), {})).toEqual(
      tally({ messages: 9, taken: 8, stored: 8, refused: { database_refused: 1 } }),
    );
    expect((await entries())[4]).toMatchObject({ reason: 'database_refused', serial, replayed_at: null });
  });

  it('goes through more messages than fit into one chunk, and tells how far it is', async () => {
    const serial = await registerMeter(database.pool);
    const start = ARRIVAL.getTime() - 2_400 * 60_000;
    const messages = Array.from({ length: 2_400 }, (_, n) =>
      message(`words/${serial}`, `${n} at ${new Date(start + n * 60_000).toISOString()}`),
    );
    await arrive(...messages);
    const seen: number[] = [];
    await replayQuarantine(deps(), {}, { onProgress: ({ messages: done }) => seen.push(done) });

    expect(seen).toEqual([1_000, 2_000, 2_400]);
    expect(await storedReadings(database.pool, serial)).toHaveLength(2_400);
  });

  it('takes the newest first, so that no home is judged by old readings alone', async () => {
    const serial = await registerMeter(database.pool);
    const start = ARRIVAL.getTime() - 1_100 * 60_000;
    const at = (n: number) => new Date(start + n * 60_000).toISOString();
    await arrive(...Array.from({ length: 1_100 }, (_, n) => message(`words/${serial}`, `${n} at ${at(n)}`)));
    const stopping = () => {
      throw new Error('stopped');
    };
    await expect(replayQuarantine(deps(), {}, { onProgress: stopping })).rejects.toThrow('stopped');
    expect((await storedReadings(database.pool, serial)).map(({ index_l }) => index_l)).toEqual(
      Array.from({ length: 1_000 }, (_, n) => n + 100),
    );
  });

  it('lets the value that came first stand, of two for the same time', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(...[7, 9].map((index) => message(`words/${serial}`, `${index} at 2026-11-23T11:00:00Z`)));
    expect(await replayQuarantine(deps(), {})).toMatchObject({ stored: 1, conflicts: 1 });
    expect(await rows('select index_l from register_reading')).toEqual([{ index_l: 7 }]);
  });

  it('takes large messages a few at a time', async () => {
    const serial = await registerMeter(database.pool);
    const padding = ' '.repeat(260_000);
    const messages = aDay(40).map(({ at, index_l }) => message(`words/${serial}`, `${index_l} at ${at}${padding}`));
    for (const each of messages) await arrive(each);
    const seen: number[] = [];
    await replayQuarantine(deps(), {}, { onProgress: ({ messages: done }) => seen.push(done) });

    expect(seen).toEqual([17, 34, 40]);
    expect(await storedReadings(database.pool, serial)).toHaveLength(40);
  });

  it('is finished by the next one when it dies after the readings are stored', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1 at 2026-11-23T11:00:00Z'), message('words/WM-nobody', '1 at 2026'));
    const dying = { ...deps(), pool: failingAt(database.pool, /update quarantined_message/) };
    await expect(replayQuarantine(dying, {})).rejects.toThrow('unreachable');
    expect(await entries()).toMatchObject([{ replayed_at: null }, { replayed_at: null }]);

    expect(await replayQuarantine(deps(), {})).toMatchObject({ taken: 1, stored: 0, repeats: 1 });
    expect(await storedReadings(database.pool, serial)).toHaveLength(1);
    expect(await entries()).toMatchObject([{ replayed_at: LATER }, { reason: 'unknown_meter' }]);
    expect(await rows('select 1 from reading_conflict')).toEqual([]);
  });

  it('stores once what two replays take at the same time', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(...aDay().map(({ at, index_l }) => message(`words/${serial}`, `${index_l} at ${at}`)));
    const replays = await Promise.all([1, 2, 3].map(() => replayQuarantine(deps(), {})));

    expect(replays.reduce((total, { stored }) => total + stored, 0)).toBe(24);
    expect(await storedReadings(database.pool, serial)).toHaveLength(24);
  });

  it('does not refuse what another one has taken meanwhile', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1 at 2026-11-23T11:00:00Z'));
    await replayQuarantine(deps(), {});
    const refused = { id: 1, reason: 'not_json', detail: 'not understood', serial: undefined };
    await inTransaction(database.pool, (tx) => markRefused(tx, [refused], LATER));

    expect(await entries()).toMatchObject([{ reason: 'unknown_topic', replayed_at: LATER, retried_at: null }]);
  });
});

describe('stillwater quarantine replay', () => {
  const replay = async (args: Parameters<typeof quarantineReplay>[0]) => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const code = await quarantineReplay(args, { ...deps(), print, onProgress: () => undefined });
    return { code, lines };
  };

  it('says what was taken, and that there is nothing more', async () => {
    const serial = await registerMeter(database.pool);
    await arrive(message(`words/${serial}`, '1 at 2026-11-23T11:00:00Z'));

    expect(await replay({ dryRun: true })).toEqual({
      code: 0,
      lines: ['1 of 1 messages would be taken', 'this was a dry run: nothing was written'],
    });
    expect(await replay({})).toEqual({
      code: 0,
      lines: ['1 of 1 messages were taken: 1 new readings, 0 that were there, 0 in conflict'],
    });
    expect(await replay({})).toEqual({ code: 0, lines: ['no message like this waits in quarantine'] });
  });

  it('says what is still refused, and ends with 1', async () => {
    await arrive(message(topicOf('WM-x'), '{'), message(topicOf('WM-x'), 'x', { payloadBytes: 1_000_000 }));

    expect(await replay({})).toEqual({
      code: 1,
      lines: [
        '0 of 1 messages were taken: 0 new readings, 0 that were there, 0 in conflict',
        '1 still refused: not_json',
        '1 more were too large to be kept whole and cannot be replayed',
      ],
    });
  });
});
