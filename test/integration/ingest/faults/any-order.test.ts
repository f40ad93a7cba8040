import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../../src/core/clock.ts';
import { BUILT_IN_DECODERS } from '../../../../src/ingest/decoders/decoders.ts';
import { interpret } from '../../../../src/ingest/interpret.ts';
import { createMeterDirectory } from '../../../../src/ingest/meter-directory.ts';
import { storeBatch } from '../../../../src/ingest/store-batch.ts';
import { useDatabase } from '../../../support/database.ts';
import { aDay, ARRIVAL, registerMeter, storedReadings, topicOf } from '../../../support/waterworks.ts';

const database = useDatabase();

interface Delivery {
  /** How often each message of the day arrives. */
  readonly times: readonly number[];
  /** Sorts all arrivals anew. */
  readonly order: readonly number[];
  /** How many arrivals a batch takes. */
  readonly batchSize: number;
}

const HOURS = 24;
const deliveries: fc.Arbitrary<Delivery> = fc.record({
  times: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: HOURS, maxLength: HOURS }),
  order: fc.array(fc.integer(), { minLength: 5 * HOURS, maxLength: 5 * HOURS }),
  batchSize: fc.integer({ min: 1, max: 130 }),
});

/** Delivers the messages of a day to a new meter and returns its serial. */
async function deliver({ times, order, batchSize }: Delivery) {
  const { pool } = database;
  const serial = await registerMeter(pool);
  const arrivals = aDay(HOURS)
    .flatMap((reading, seq) => Array.from({ length: times[seq]! }, () => JSON.stringify({ ...reading, seq })))
    .map((payload, place) => ({ payload: Buffer.from(payload), place: order[place]! }))
    .toSorted((a, b) => a.place - b.place);
  const deps = { pool, clock: handTurnedClock(ARRIVAL), meters: createMeterDirectory(pool) };
  let repeats = 0;
  for (let from = 0; from < arrivals.length; from += batchSize) {
    const batch = arrivals.slice(from, from + batchSize).map(({ payload }) => ({
      source: 'mqtt' as const,
      topic: topicOf(serial),
      payload,
      payloadBytes: payload.length,
      receivedAt: ARRIVAL,
    }));
    const outcome = await storeBatch(
      deps,
      batch.map((message) => interpret(message, BUILT_IN_DECODERS)),
    );
    repeats += outcome.repeats;
  }
  return { serial, arrivals: arrivals.length, repeats };
}

describe('messages that come one to five times, in any order and in batches of any size', () => {
  it('leave the rows of the day, each once, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async (delivery) => {
        const { serial, arrivals, repeats } = await deliver(delivery);
        expect(await storedReadings(database.pool, serial)).toEqual(aDay(HOURS));
        expect(repeats).toBe(arrivals - HOURS);
      }),
      { numRuns: 40 },
    );
    const { rows } = await database.pool.query(
      'select (select count(*) from reading_conflict) as conflicts, (select count(*) from quarantined_message) as aside',
    );
    expect(rows).toEqual([{ conflicts: 0, aside: 0 }]);
  });
});
