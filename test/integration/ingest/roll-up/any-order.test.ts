import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useDatabase } from '../../../support/database.ts';
import { type BookedReading, waterBooks } from './water-books.ts';

const database = useDatabase();
const NOON = Date.UTC(2026, 2, 27, 12);
const HOUR = 3_600_000;
const books = waterBooks(() => database.pool, new Date(NOON + 30 * 24 * HOUR));

/** What a register does in an hour or two: mostly forward, sometimes back, a reset, a stand, nothing heard. */
const move = fc.record({
  hours: fc.constantFrom(0.5, 1, 1, 1, 1, 3, 30),
  litres: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }) },
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: -60, max: -1 }) },
    { weight: 1, arbitrary: fc.integer({ min: -900, max: -700 }) },
  ),
});
const history = fc.record({
  zone: fc.constantFrom('Europe/Vienna', 'Asia/Shanghai', 'Australia/Lord_Howe', 'America/Santiago'),
  moves: fc.array(move, { minLength: 1, maxLength: 120 }),
  // Where in the history a batch ends, what is reported again with another value, and how it is all shuffled.
  isShuffled: fc.boolean(),
  order: fc.array(fc.nat(), { minLength: 240, maxLength: 240 }),
  batchEvery: fc.integer({ min: 1, max: 40 }),
  contradicted: fc.array(fc.nat(120), { maxLength: 3 }),
  exchangedAt: fc.option(fc.nat(120)),
});

it('adds up the same days from readings in any order, late, repeated and in any batches', async () => {
  let homes = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ zone, moves, isShuffled, order, batchEvery, contradicted, exchangedAt }) => {
      homes += 1;
      const start = new Date(NOON);
      const home = await books.home(`A${homes}`, zone, start);
      const readings = readingsOf(home.meterId, moves, contradicted);
      const arriving = [...readings, ...readings.slice(0, 20)]
        .map((reading, i) => ({ reading, key: isShuffled ? (order[i] ?? 0) : i }))
        .sort((a, b) => a.key - b.key)
        .map(({ reading }) => reading);
      for (let i = 0; i < arriving.length; i += batchEvery) {
        await books.arrive(arriving.slice(i, i + batchEvery));
        if ((order[i] ?? 0) % 4 === 0) await books.addUp();
        if (exchangedAt !== null && i <= exchangedAt && exchangedAt < i + batchEvery) {
          await books.rows('update meter_binding set bound_until = $2 where household_id = $1', [
            home.id,
            new Date(NOON + exchangedAt * HOUR + 1_800_000),
          ]);
        }
      }
      await books.addUp();

      const step = await books.everything();
      await books.addUpAnew();
      expect(step).toEqual(await books.everything());
      expect((await books.daysOf(home.id)).length).toBeGreaterThan(0);
      await books.rows('delete from household where id = $1', [home.id]).catch(() => undefined);
      await books.rows('truncate register_reading, reading_conflict, household_day, register_floor, roll_up_note');
    }),
    { numRuns: 15 },
  );
});

function readingsOf(meterId: number, moves: readonly { hours: number; litres: number }[], contradicted: number[]) {
  let [atMs, litres] = [NOON, 2_000];
  const readings: BookedReading[] = [{ meterId, at: new Date(atMs), litres }];
  for (const move of moves) {
    atMs += move.hours * HOUR;
    litres = Math.max(0, litres + move.litres);
    readings.push({ meterId, at: new Date(atMs), litres });
  }
  const twice = contradicted
    .flatMap((i) => readings[i] ?? [])
    .map((reading) => ({ ...reading, litres: reading.litres + 7 }));
  return [...readings, ...twice];
}
