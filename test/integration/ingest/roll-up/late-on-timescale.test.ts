import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTimescale, type Timescale } from '../../../support/timescale.ts';
import { steadily, waterBooks } from './water-books.ts';

const NOW = new Date('2026-11-01T00:00:00Z');
const DAY = 86_400_000;
const books = waterBooks(() => timescale.pool, NOW);
const midnight = new Date('2025-10-15T00:00:00+08:00');
const hour = (count: number) => new Date(midnight.getTime() + count * 3_600_000);

let timescale: Timescale;
beforeAll(async () => {
  timescale = await openTimescale();
});
afterAll(() => timescale.close());

describe('readings that come a year late, into a chunk that is compressed', () => {
  it('are stored, contradict and are added up as any others', async () => {
    const home = await books.home('late', 'Asia/Shanghai', new Date(NOW.getTime() - 420 * DAY));
    const meterId = home.meterId;
    await books.arrive(
      steadily(
        meterId,
        midnight,
        Array.from({ length: 24 }, () => 10),
      ).filter((_, i) => i < 6 || i > 12),
    );
    await books.addUp();
    await timescale.run(`select compress_chunk(chunk) from show_chunks('register_reading') chunk`);
    expect(await books.daysOf(home.id)).toMatchObject([
      { day: '2025-10-15', known: 16, litres: 240, signs: 'gap' },
      {},
    ]);

    const late = steadily(
      meterId,
      midnight,
      Array.from({ length: 24 }, () => 10),
    ).slice(6, 13);
    await books.arrive([...late, { meterId, at: hour(3), litres: 1_028 }, { meterId, at: hour(2), litres: 1_020 }]);
    await books.addUp();

    expect(
      await books.rows('select read_at, index_l from register_reading where read_at in ($1, $2) order by 1', [
        hour(3),
        hour(8),
      ]),
    ).toEqual([
      { read_at: hour(3), index_l: 1_030 },
      { read_at: hour(8), index_l: 1_080 },
    ]);
    expect(await books.rows('select read_at, index_l from reading_conflict')).toEqual([
      { read_at: hour(3), index_l: 1_028 },
    ]);
    expect(await books.daysOf(home.id)).toMatchObject([
      { day: '2025-10-15', known: 24, litres: 240, signs: '', readings: 24 },
      {},
    ]);
    const step = await books.everything();
    await books.addUpAnew();
    expect(step).toEqual(await books.everything());
  });
});
