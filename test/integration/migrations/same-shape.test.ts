import { expect, it } from 'vitest';
import { type EmptyStore, STORE_KINDS } from './stores.ts';

const COLUMNS = `
  select table_name, column_name, data_type, is_nullable, is_identity, column_default
  from information_schema.columns where table_schema = 'public' order by table_name, column_name
`;
/** Not-null constraints have names of their own only since PostgreSQL 18. */
const CONSTRAINTS = `
  select conrelid::regclass::text as table_name, conname, contype from pg_constraint
  where connamespace = 'public'::regnamespace and contype <> 'n' order by 1, 2
`;
const INDEXES = `select tablename, indexname from pg_indexes where schemaname = 'public' order by 1, 2`;

/** TimescaleDB keeps an index on time of its own. */
const ADDED_BY_TIMESCALE = 'register_reading_read_at_idx';

it('has the same tables, columns, constraints and indexes on every store', async () => {
  const shapes = [];
  for (const { kind, open } of STORE_KINDS) {
    const store = await open();
    await store.migrate('Asia/Shanghai');
    shapes.push({ kind, shape: await shapeOf(store) });
    await store.close();
  }

  const [first, ...others] = shapes;
  expect(first?.shape.columns.length).toBeGreaterThan(100);
  for (const other of others) expect(other.shape, `${other.kind} against ${first?.kind ?? ''}`).toEqual(first?.shape);
});

async function shapeOf(store: EmptyStore) {
  const rowsOf = async (statement: string) => (await store.query(statement)).rows;
  return {
    columns: await rowsOf(COLUMNS),
    constraints: await rowsOf(CONSTRAINTS),
    indexes: (await rowsOf(INDEXES)).filter(({ indexname }) => indexname !== ADDED_BY_TIMESCALE),
  };
}
