import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepMessages } from '../../../../simulator/head-end/kept-messages.ts';
import { numbered } from '../../../../simulator/head-end/numbered.ts';
import { type HandTurnedClock, handTurnedClock } from '../../../../src/core/clock.ts';
import { nativeJson } from '../../../../src/ingest/decoders/native-json.ts';
import { interpret } from '../../../../src/ingest/interpret.ts';
import type { ReceivedMessage } from '../../../../src/ingest/message.ts';
import { createMeterDirectory } from '../../../../src/ingest/meter-directory.ts';
import { mergeSequences } from '../../../../src/ingest/sequences/merge-sequences.ts';
import { storeBatch } from '../../../../src/ingest/store-batch.ts';
import { useDatabase } from '../../../support/database.ts';
import { ARRIVAL, registerMeter } from '../../../support/waterworks.ts';

const database = useDatabase();
const MINUTE_MS = 60_000;
const RUNS = 40;

/** What can happen between a sender and the service. Choices are numbers that are taken modulo what there is. */
type Event =
  | { readonly type: 'sends' | 'arrives' | 'sends the newest again'; readonly choice: number }
  | { readonly type: 'is lost' | 'is doubled' | 'overtakes'; readonly choice: number }
  | { readonly type: 'is merged'; readonly choice: number };

const event = fc.record({
  type: fc.constantFrom(
    ...(['sends', 'sends', 'arrives', 'arrives', 'is merged'] as const),
    ...(['is lost', 'is doubled', 'overtakes', 'sends the newest again'] as const),
  ),
  choice: fc.nat({ max: 1_000 }),
}) satisfies fc.Arbitrary<Event>;

let lastSender = 0;

/** A sender, a bad line to the service, and the service with its database. */
async function stage() {
  const sender = `head-end-${(lastSender += 1)}`;
  const serial = await registerMeter(database.pool);
  const clock: HandTurnedClock = handTurnedClock(ARRIVAL);
  const storing = { pool: database.pool, clock, meters: createMeterDirectory(database.pool) };
  const kept = keepMessages();
  const line: ReceivedMessage[] = [];

  const send = (first: number, last: number) => {
    for (const message of kept.between(first, last)) {
      const { topic, payload } = numbered(message, { sender, stream: 'row', oldest: kept.oldest() });
      const bytes = Buffer.from(payload);
      line.push({ source: 'mqtt', topic, payload: bytes, payloadBytes: bytes.length, receivedAt: ARRIVAL });
    }
  };
  const stored = async () => {
    const { rows } = await database.pool.query<{ index_l: number }>(
      'select index_l from register_reading join meter on meter.id = meter_id where serial = $1 order by index_l',
      [serial],
    );
    return rows.map(({ index_l }) => index_l);
  };
  return {
    kept,
    line,
    stored,
    clock,
    sendMore(count: number) {
      for (let i = 0; i < count; i += 1) {
        const number = kept.next();
        const at = new Date(ARRIVAL.getTime() - (10_000 - number) * MINUTE_MS).toISOString();
        const message = kept.keep({
          topic: `meters/${serial}/readings`,
          payload: JSON.stringify({ at, index_l: number }),
        });
        send(message.seq, message.seq);
      }
    },
    sendNewest: () => send(kept.next() - 1, kept.next() - 1),
    async arrive(count: number) {
      const batch = line.splice(0, count).map((message) => interpret(message, [nativeJson]));
      if (batch.length > 0) await storeBatch(storing, batch);
    },
    /** The sender hears the news, or does not. */
    async merge(isHeard: boolean) {
      clock.advanceTo(new Date(clock.now().getTime() + 2_000));
      const news = await mergeSequences({ pool: database.pool, clock }, true);
      for (const { seq } of news?.acknowledged.filter((ack) => ack.sender === sender) ?? []) {
        const numbers = await stored();
        expect(numbers.slice(0, seq + 1)).toEqual(Array.from({ length: seq + 1 }, (_, n) => n));
        if (isHeard) kept.forget(seq);
      }
      for (const { first, last } of news?.requests.filter((gap) => gap.sender === sender) ?? []) {
        if (isHeard) send(first, last);
      }
    },
  };
}

async function play(town: Awaited<ReturnType<typeof stage>>, { type, choice }: Event): Promise<void> {
  const { line } = town;
  const at = line.length === 0 ? 0 : choice % line.length;
  if (type === 'sends') town.sendMore(1 + (choice % 5));
  if (type === 'arrives') await town.arrive(1 + (choice % 7));
  if (type === 'is lost') line.splice(at, 1 + (choice % 3));
  if (type === 'is doubled') line.push(...line.slice(at, at + 2));
  if (type === 'overtakes') line.unshift(...line.splice(at, 1));
  if (type === 'sends the newest again') town.sendNewest();
  if (type === 'is merged') await town.merge(choice % 3 !== 0);
}

it('stores once each whatever a sender sent, however bad the line, and tells it so in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      const town = await stage();
      for (const happening of events) await play(town, happening);

      town.sendMore(1);
      for (let round = 0; town.kept.count() > 0; round += 1) {
        expect(round).toBeLessThan(60);
        if (town.line.length === 0 && round % 8 === 0) town.sendNewest();
        await town.arrive(1_000);
        await town.merge(true);
      }
      expect(await town.stored()).toEqual(Array.from({ length: town.kept.next() }, (_, number) => number));
      const { rows } = await database.pool.query(
        'select (select count(*) from reading_conflict) as conflicts, (select count(*) from sequence_note) as notes',
      );
      expect(rows).toEqual([{ conflicts: 0, notes: 0 }]);
    }),
    { numRuns: RUNS },
  );
}, 60_000);
