import { describe, expect, it } from 'vitest';
import { STORE_KINDS, type StoreKind } from './stores.ts';

interface Reading {
  readonly at: string;
  readonly litres: number;
}

describe.each(STORE_KINDS)('the local day of a reading on $kind', (kind) => {
  it('begins at midnight in Shanghai, which is 16:00 of the day before in UTC', async () => {
    const days = await localDays(kind, 'Asia/Shanghai', [
      { at: '2026-03-01T15:59:59Z', litres: 100 },
      { at: '2026-03-01T16:00:00Z', litres: 110 },
      { at: '2026-03-02T15:59:59Z', litres: 190 },
      { at: '2026-03-02T16:00:00Z', litres: 200 },
    ]);

    expect(days).toEqual([
      { localDay: '2026-02-28T16:00:00.000Z', least: 100, greatest: 100 },
      { localDay: '2026-03-01T16:00:00.000Z', least: 110, greatest: 190 },
      { localDay: '2026-03-02T16:00:00.000Z', least: 200, greatest: 200 },
    ]);
  });

  it('has 23 hours in Vienna when the clocks go forward', async () => {
    const days = await localDays(kind, 'Europe/Vienna', [
      { at: '2026-03-28T22:59:59Z', litres: 100 },
      { at: '2026-03-28T23:00:00Z', litres: 110 },
      { at: '2026-03-29T21:59:59Z', litres: 190 },
      { at: '2026-03-29T22:00:00Z', litres: 200 },
    ]);

    expect(days).toEqual([
      { localDay: '2026-03-27T23:00:00.000Z', least: 100, greatest: 100 },
      { localDay: '2026-03-28T23:00:00.000Z', least: 110, greatest: 190 },
      { localDay: '2026-03-29T22:00:00.000Z', least: 200, greatest: 200 },
    ]);
  });

  it('has 25 hours in Vienna when the clocks go back', async () => {
    const days = await localDays(kind, 'Europe/Vienna', [
      { at: '2026-10-24T21:59:59Z', litres: 100 },
      { at: '2026-10-24T22:00:00Z', litres: 110 },
      { at: '2026-10-25T22:59:59Z', litres: 190 },
      { at: '2026-10-25T23:00:00Z', litres: 200 },
    ]);

    expect(days).toEqual([
      { localDay: '2026-10-23T22:00:00.000Z', least: 100, greatest: 100 },
      { localDay: '2026-10-24T22:00:00.000Z', least: 110, greatest: 190 },
      { localDay: '2026-10-25T23:00:00.000Z', least: 200, greatest: 200 },
    ]);
  });
});

/** The days as a session in quite another zone sees them: the session's zone must not matter. */
async function localDays({ open }: StoreKind, timeZone: string, readings: readonly Reading[]) {
  const store = await open();
  await store.migrate(timeZone);
  for (const { at, litres } of readings) {
    await store.query('insert into register_reading values (1, $1, $2, $1)', [at, litres]);
  }
  await store.query(`set timezone = 'America/New_York'`);
  const { rows } = await store.query(
    'select local_day, least_index_l, greatest_index_l from register_day where meter_id = 1 order by local_day',
  );
  await store.close();
  return rows.map((row) => ({
    localDay: (row['local_day'] as Date).toISOString(),
    least: row['least_index_l'],
    greatest: row['greatest_index_l'],
  }));
}
