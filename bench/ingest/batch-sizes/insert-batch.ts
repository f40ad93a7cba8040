import type pg from 'pg';
import { contentAt, rowsOf, type Workload } from '../workload.ts';

const COLUMNS = 4;

/** One INSERT with a VALUES list, as programs that gather rows usually write them. */
export async function insertBatch(
  pool: pg.Pool,
  firstMeterId: number,
  workload: Workload,
  from: number,
  until: number,
): Promise<void> {
  const rows = Array.from({ length: until - from }, (_, i) => rowsOf(workload, contentAt(workload, from + i))).flat();
  const places = rows.map((_, row) => `(${[1, 2, 3, 4].map((column) => `$${row * COLUMNS + column}`).join(',')})`);
  await pool.query(
    `insert into register_reading (meter_id, read_at, index_l, received_at) values ${places.join(',')}`,
    rows.flatMap(({ meter, readAtMs, indexLitres }) => {
      const at = new Date(readAtMs);
      return [firstMeterId + meter, at, indexLitres, at];
    }),
  );
}
