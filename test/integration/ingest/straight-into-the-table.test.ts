import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createNewestTimes, NOTHING_SEEN, type NewestTimes } from '../../../src/db/arrange-readings.ts';
import { noteBatch } from '../../../src/db/ingest-batches.ts';
import { storeReadings } from '../../../src/db/readings.ts';
import { inTransaction } from '../../../src/db/sql.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import type { InterpretedMessage } from '../../../src/ingest/message.ts';
import { storeBatch } from '../../../src/ingest/store-batch.ts';
import { useDatabase } from '../../support/database.ts';
import { piecesOf, type SampleRun } from '../../support/flat-reading.ts';

const database = useDatabase();
const RECEIVED_AT = new Date('2026-11-23T12:00:00Z');
const clock = handTurnedClock(RECEIVED_AT);
const METERS = 3;
/** The same meters again, for the way of storing that the other one is compared with. */
const TWIN = 10;

/** Few meters, hours and values: they meet each other all the time. */
const reading = fc.record({
  meter: fc.integer({ min: 1, max: METERS }),
  dial: fc.array(fc.record({ hour: fc.integer({ min: 0, max: 5 }), litres: fc.integer({ min: 0, max: 2 }) }), {
    maxLength: 3,
  }),
  late: fc.integer({ min: 0, max: 2 }),
});
type Sample = typeof reading extends fc.Arbitrary<infer Value> ? Value : never;
const batch = fc.array(reading, { maxLength: 12 });

const runFor = ({ meter, dial, late }: Sample, meterOffset = 0): SampleRun => ({
  meterId: meter + meterOffset,
  receivedAtMs: RECEIVED_AT.getTime() + late * 1_000,
  readings: dial.map(({ hour, litres: amount }) => ({
    readAtMs: Date.UTC(2026, 10, 22, hour),
    indexLitres: amount,
  })),
});

function messageOf(sample: Sample): InterpretedMessage {
  const { meterId, receivedAtMs, readings: given } = runFor(sample);
  const readings = given.map(({ readAtMs, indexLitres }) => ({ readAtMs, indexLitres: litres(indexLitres) }));
  return {
    message: {
      source: 'mqtt',
      topic: `meters/${meterId}/readings`,
      payload: new Uint8Array(),
      payloadBytes: 0,
      receivedAt: new Date(receivedAtMs),
    },
    content: { serial: String(meterId), readings, flags: [] },
    rejection: undefined,
  };
}

const store = (samples: readonly Sample[], newest: NewestTimes) =>
  storeBatch({ pool: database.pool, clock, meters: { idsOf, newest } }, samples.map(messageOf));
const idsOf = (serials: ReadonlySet<string>) => Promise.resolve(new Map([...serials].map((id) => [id, Number(id)])));

/** One row at a time is checked before it is written: slow, and plainly right. */
async function storeTwin(samples: readonly Sample[]): Promise<{ stored: number; repeats: number; conflicts: number }> {
  return inTransaction(database.pool, async (tx) => {
    const runs = piecesOf(samples.map((sample) => runFor(sample, TWIN)));
    const { stored, conflicts, changes } = await storeReadings(tx, runs);
    if (changes.length > 0) await noteBatch(tx, changes, clock.now());
    return { stored, conflicts, repeats: runs.readings - stored - conflicts };
  });
}

/** Everything that is stored of the meters with ids above `offset`, as if their ids began at 1. */
async function storedAbove(offset: number) {
  const isTheirs = `meter_id > ${offset} and meter_id <= ${offset + METERS}`;
  const all = `meter_id - ${offset} as meter, read_at, index_l, received_at`;
  const [readings, conflicts, notes] = await Promise.all([
    database.pool.query(`select ${all} from register_reading where ${isTheirs} order by 1, 2`),
    database.pool.query(`select ${all} from reading_conflict where ${isTheirs} order by 1, 2, 3`),
    database.pool.query(
      `select dense_rank() over (order by id) as batch, meter_id - ${offset} as meter, first
       from ingest_batch, unnest(meter_ids, first_read_at) as change (meter_id, first)
       where ${isTheirs} order by 1, 2`,
    ),
  ]);
  return { readings: readings.rows, conflicts: conflicts.rows, notes: notes.rows };
}

beforeEach(async () => {
  await database.pool.query(
    `insert into meter (id, serial) overriding system value
     select id, 'WM-' || id from generate_series(1, $1) as id on conflict do nothing`,
    [TWIN + METERS],
  );
});
const forgetAll = () => database.pool.query('truncate register_reading, reading_conflict, ingest_batch');

describe('readings that go straight into the table', () => {
  it.each([
    ['nothing is known of the meters', () => NOTHING_SEEN],
    ['the newest of each meter is known', createNewestTimes],
  ])('leave the same rows, conflicts, notes and counts as those that are looked up, when %s', async (_when, seen) => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 5 }), async (batches) => {
        await forgetAll();
        const newest = seen();
        for (const samples of batches) {
          const { stored, repeats, conflicts } = await store(samples, newest);
          expect({ stored, repeats, conflicts }).toEqual(await storeTwin(samples));
        }
        expect(await storedAbove(0)).toEqual(await storedAbove(TWIN));
      }),
      { numRuns: 25 },
    );
  });

  it('are all kept by two writers at once, as the reading or as its conflict', async () => {
    await fc.assert(
      fc.asyncProperty(batch, batch, batch, async (...batches) => {
        await forgetAll();
        const newest = createNewestTimes();
        const outcomes = await Promise.all([
          store(batches[0], newest),
          store(batches[1], newest),
          store(batches[2], NOTHING_SEEN),
        ]);

        const { readings, conflicts } = await storedAbove(0);
        const keyOf = (meter: unknown, at: Date, index: unknown) =>
          `${String(meter)} ${at.toISOString()} ${String(index)}`;
        const kept = [...readings, ...conflicts].map((row: Record<string, unknown>) =>
          keyOf(row['meter'], row['read_at'] as Date, row['index_l']),
        );
        const sent = batches
          .flat()
          .map((sample) => runFor(sample))
          .flatMap(({ meterId, readings: sent }) =>
            sent.map(({ readAtMs, indexLitres }) => keyOf(meterId, new Date(readAtMs), indexLitres)),
          );
        expect(kept.toSorted()).toEqual([...new Set(sent)].toSorted());
        expect(outcomes.reduce((total, { stored }) => total + stored, 0)).toBe(readings.length);
      }),
      { numRuns: 25 },
    );
  });

  it('are redone by the slow way only when one of them was there', async () => {
    await forgetAll();
    const samples = [0, 1, 2].map((hour) => ({ meter: 1, dial: [{ hour, litres: 1 }], late: 0 }));
    const failed = async () => {
      await database.pool.query('select pg_stat_force_next_flush()');
      const { rows } = await database.pool.query<{ failed: number }>(
        'select xact_rollback as failed from pg_stat_database where datname = current_database()',
      );
      return rows[0]!.failed;
    };
    const before = await failed();
    const newest = createNewestTimes();
    await store(samples, newest);
    await store(samples, newest);
    expect(await failed()).toBe(before);
    await store(samples, NOTHING_SEEN);
    await expect.poll(failed, { timeout: 10_000 }).toBeGreaterThan(before);
  });
});
