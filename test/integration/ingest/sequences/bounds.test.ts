import { expect, it } from 'vitest';
import { handTurnedClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { type NotedSequence, noteSequences } from '../../../../src/db/sequences-noted.ts';
import { inTransaction } from '../../../../src/db/sql.ts';
import { DAY_MS } from '../../../../src/domain/time.ts';
import { mergeSequences } from '../../../../src/ingest/sequences/merge-sequences.ts';
import { tidySequences } from '../../../../src/ingest/sequences/tidy-sequences.ts';
import { useDatabase } from '../../../support/database.ts';
import { ARRIVAL } from '../../../support/waterworks.ts';

const database = useDatabase();
const clock = handTurnedClock(ARRIVAL);
const log = createLogger('silent');

const note = (...noted: Partial<NotedSequence>[]) =>
  inTransaction(database.pool, (tx) =>
    noteSequences(
      tx,
      noted.map((sequence) => ({
        sender: 'WM-1',
        stream: '',
        first: 0,
        last: sequence.first ?? 0,
        oldest: undefined,
        ...sequence,
      })),
      clock.now(),
    ),
  );
const merge = () => mergeSequences({ pool: database.pool, clock }, true);
const streamsOf = async (sender: string) => {
  const { rows } = await database.pool.query<{ stream: string }>(
    'select stream from sender_stream where sender = $1 order by stream',
    [sender],
  );
  return rows.map(({ stream }) => stream);
};

it('remembers the newest streams of a sender that starts ever new ones, and what was missing in the others', async () => {
  const streams = Array.from({ length: 100 }, (_, number) => `row-${String(number).padStart(3, '0')}`);
  await note(...streams.map((stream) => ({ sender: 'restless', stream, first: 1 })));
  await merge();
  expect(await streamsOf('restless')).toEqual(streams.slice(-32));
  const { rows } = await database.pool.query(
    `select count(*) filter (where given_up_at is null) as open, count(given_up_at) as given_up
     from sequence_gap where sender = 'restless'`,
  );
  expect(rows).toEqual([{ open: 32, given_up: 68 }]);
});

it('takes the largest number that there is without losing its footing', async () => {
  await note({ sender: 'vast', first: Number.MAX_SAFE_INTEGER - 1 });
  await merge();
  await note({ sender: 'vast' });
  expect((await merge())?.acknowledged).toEqual([{ sender: 'vast', stream: '', seq: 0 }]);
});

it('merges what several notes say of one stream as if it had come in one', async () => {
  await note({ sender: 'east', first: 0, last: 3 }, { sender: 'west', first: 0, last: 9 });
  await note({ sender: 'east', first: 6, last: 8 });
  await note({ sender: 'east', first: 4, last: 5 });
  expect((await merge())?.acknowledged.toSorted((a, b) => a.seq - b.seq)).toEqual([
    { sender: 'east', stream: '', seq: 8 },
    { sender: 'west', stream: '', seq: 9 },
  ]);
  expect((await merge())?.acknowledged).toEqual([]);
});

it('leaves the merging to one process at a time', async () => {
  await note({ sender: 'north' });
  const other = await database.pool.connect();
  await other.query('begin');
  await other.query('select pg_advisory_xact_lock(7311955026)');
  expect(await merge()).toBeUndefined();
  await other.query('commit');
  other.release();
  expect((await merge())?.acknowledged).toEqual([{ sender: 'north', stream: '', seq: 0 }]);
});

it('forgets a stream that was not heard of for longer than readings are kept, and records what it missed', async () => {
  await note({ sender: 'gone', stream: 'old', first: 5 });
  await merge();
  clock.advanceTo(new Date(ARRIVAL.getTime() + 390 * DAY_MS));
  await note({ sender: 'here' });
  await merge();
  clock.advanceTo(new Date(ARRIVAL.getTime() + 401 * DAY_MS));
  await tidySequences({ pool: database.pool, clock, log });

  expect(await streamsOf('gone')).toEqual([]);
  expect(await streamsOf('here')).toEqual(['']);
  const { rows } = await database.pool.query(
    `select first_seq, last_seq, given_up_at from sequence_gap where sender = 'gone'`,
  );
  expect(rows).toEqual([{ first_seq: 0, last_seq: 4, given_up_at: clock.now() }]);

  clock.advanceTo(new Date(clock.now().getTime() + 401 * DAY_MS));
  await tidySequences({ pool: database.pool, clock, log });
  const { rows: kept } = await database.pool.query('select from sequence_gap where given_up_at is not null');
  expect(kept).toEqual([]);
});
