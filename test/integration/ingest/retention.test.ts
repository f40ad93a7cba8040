import { beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { retainReadings } from '../../../src/ingest/retention/retain-readings.ts';
import { useDatabase } from '../../support/database.ts';
import { steadily, waterBooks } from './roll-up/water-books.ts';

const database = useDatabase();
const NOW = new Date('2026-06-01T00:00:00Z');
const DAY = 86_400_000;
const books = waterBooks(() => database.pool, NOW);
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY);

const retain = (keptDays: number) =>
  retainReadings({ pool: database.pool, clock: books.clock, log: createLogger('error'), keptDays });
const remaining = async (meterId: number) =>
  (
    await books.rows<{ read_at: Date }>('select read_at from register_reading where meter_id = $1 order by 1', [
      meterId,
    ])
  ).map(({ read_at: readAt }) => Math.round((NOW.getTime() - readAt.getTime()) / DAY));

beforeEach(async () => {
  await books.rows('truncate register_reading, reading_conflict');
});

let homes = 0;
const home = () => books.home(`R${(homes += 1)}`, 'Asia/Shanghai', daysAgo(500));

it('deletes readings when they are as old as they may become, and not a day sooner', async () => {
  const { meterId } = await home();
  await books.arrive([500, 401, 400, 399, 1].map((days) => ({ meterId, at: daysAgo(days), litres: 1_000 - days })));

  expect(await retain(400)).toBe(2);
  expect(await remaining(meterId)).toEqual([400, 399, 1]);
  expect(await retain(400)).toBe(0);
});

it('deletes what contradicts a reading together with it', async () => {
  const { meterId } = await home();
  await books.arrive([401, 399].map((days) => ({ meterId, at: daysAgo(days), litres: 1_000 })));
  await books.arrive([401, 399].map((days) => ({ meterId, at: daysAgo(days), litres: 1_007 })));
  await retain(400);

  expect(await books.rows('select index_l from reading_conflict where meter_id = $1', [meterId])).toHaveLength(1);
});

it('keeps the sums of the days', async () => {
  const { id, meterId } = await home();
  await books.arrive(
    steadily(
      meterId,
      daysAgo(450),
      Array.from({ length: 48 }, () => 5),
    ),
  );
  await books.addUp(1_000);
  const days = await books.daysOf(id);
  expect(days.length).toBeGreaterThan(1);

  await retain(400);
  await books.addUp(400);
  expect(await remaining(meterId)).toEqual([]);
  expect(await books.daysOf(id)).toEqual(days);
});

it('goes from meter to meter, however many there are and however much one has', async () => {
  await books.rows(`insert into meter (serial) select 'R-' || n from generate_series(1, 1200) n`);
  await books.rows(
    `insert into register_reading (meter_id, read_at, index_l, received_at)
     select id, $1::timestamptz - n * interval '1 min', 0, $1
     from meter, generate_series(1, 50) n where serial like 'R-%'`,
    [daysAgo(420)],
  );

  expect(await retain(400)).toBe(60_000);
});

it('lets several processes do it at once', async () => {
  const { meterId } = await home();
  await books.arrive(
    steadily(
      meterId,
      daysAgo(450),
      Array.from({ length: 500 }, () => 1),
    ),
  );

  const deleted = await Promise.all([retain(400), retain(400)]);
  expect(deleted[0] + deleted[1]).toBe(501);
});
