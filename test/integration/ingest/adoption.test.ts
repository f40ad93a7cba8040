import { beforeEach, describe, expect, it } from 'vitest';
import { LOCKS, withLock } from '../../../src/db/locks.ts';
import type { ReceivedMessage } from '../../../src/ingest/message.ts';
import { adoptMessages } from '../../../src/ingest/quarantine/adopt.ts';
import { tendQuarantine } from '../../../src/main/tend-quarantine.ts';
import { useDatabase } from '../../support/database.ts';
import { fixedFormat, LATER, message, quarantineOf, tally } from '../../support/quarantine.ts';
import { importTexts, TOWN_FILES } from '../../support/roster-town.ts';
import { aDay, ARRIVAL, storedReadings, topicOf } from '../../support/waterworks.ts';

const database = useDatabase();
const { arrive, deps, empty, entries, rows } = quarantineOf(database);
beforeEach(empty);

const dayOf = (serial: string, more: Partial<ReceivedMessage> = {}) =>
  message(topicOf(serial), JSON.stringify({ readings: aDay(), seq: 7 }), more);
const register = (serial: string) => database.pool.query('insert into meter (serial) values ($1)', [serial]);

describe('a meter that is registered after it began to send', () => {
  it('has its readings of before, at the time at which they came', async () => {
    await arrive(dayOf('WM-early'), dayOf('WM-other'));
    await register('WM-early');

    expect(await adoptMessages(deps())).toEqual(tally({ messages: 1, taken: 1, stored: 24 }));
    expect(await storedReadings(database.pool, 'WM-early')).toEqual(aDay());
    expect(await rows('select distinct received_at from register_reading')).toEqual([{ received_at: ARRIVAL }]);
    expect(await entries()).toMatchObject([
      { serial: 'WM-early', replayed_at: LATER },
      { serial: 'WM-other', replayed_at: null, retried_at: null },
    ]);
  });

  it('has them once, however many processes look', async () => {
    const serials = ['WM-a', 'WM-b', 'WM-c'];
    await arrive(...serials.map((serial) => dayOf(serial)));
    await Promise.all(serials.map(register));
    const runs = await Promise.all(Array.from({ length: 5 }, () => adoptMessages(deps())));

    expect(runs.reduce((stored, run) => stored + (run?.stored ?? 0), 0)).toBe(72);
    expect(await rows('select count(*) from register_reading')).toEqual([{ count: 72 }]);
  });

  it('is left to the process that is at it already', async () => {
    await arrive(dayOf('WM-busy'));
    await register('WM-busy');
    const other = await withLock(database.pool, LOCKS.adoption, () => adoptMessages(deps()));
    expect(other).toBeUndefined();
    expect(await adoptMessages(deps())).toMatchObject({ taken: 1 });
  });

  it('is left in peace when nothing of it can be read any more', async () => {
    await arrive(dayOf('WM-changed'));
    await register('WM-changed');

    expect(await adoptMessages(deps([fixedFormat]))).toMatchObject({ messages: 1, refused: { unknown_topic: 1 } });
    expect(await adoptMessages(deps([fixedFormat]))).toEqual(tally({}));
  });

  it('has the flags that it reported', async () => {
    await arrive(message(topicOf('WM-leaky'), JSON.stringify({ ...aDay()[0], status: ['leak'] })));
    await register('WM-leaky');
    await adoptMessages(deps());
    expect(await rows('select flag from meter_flag')).toEqual([{ flag: 'leak' }]);
  });

  it('has what came out of a file as well', async () => {
    await arrive(dayOf('WM-filed', { source: 'file' }));
    await register('WM-filed');
    expect(await adoptMessages(deps())).toMatchObject({ stored: 24 });
  });

  it('is found when it came with an import', async () => {
    await arrive(dayOf('M-1001'));
    await importTexts(database.pool, TOWN_FILES);
    await tendQuarantine(deps());
    expect(await storedReadings(database.pool, 'M-1001')).toEqual(aDay());
  });

  it('does not have what it sent acknowledged again', async () => {
    await arrive(dayOf('WM-numbered'));
    await register('WM-numbered');
    const noted = () => rows('select count(*) from sequence_note');
    const before = await noted();
    await adoptMessages(deps());
    expect(await noted()).toEqual(before);
  });
});

describe('a flood', () => {
  it('does not wait for the hour to be bounded', async () => {
    const old = new Date(LATER.getTime() - 91 * 86_400_000);
    await arrive(message(topicOf('WM-old'), 'words', { receivedAt: old }));
    await tendQuarantine(deps());
    expect(await entries()).toHaveLength(1);

    await database.pool.query(
      `insert into quarantined_message (received_at, source, topic, payload, payload_bytes, reason)
       select $1, 'mqtt', 'meters/x/readings', '', 0, 'not_json' from generate_series(1, 5000)`,
      [LATER],
    );
    await tendQuarantine(deps());
    expect(await rows(`select count(*) from quarantined_message where topic like '%WM-old%'`)).toEqual([{ count: 0 }]);
  });
});
