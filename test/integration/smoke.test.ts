import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
const database = useDatabase();
it('has tables', async () => {
  const { rows } = await database.pool.query('select count(*) from household');
  expect(rows).toEqual([{ count: 0 }]);
});
