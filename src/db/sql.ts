import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';

/** A pool, or the client of an open transaction. Every statement takes either. */
export type Db = Pick<Pool, 'query'>;

/** A pool from which transactions can be opened. What guards it is asked at the beginning of each, and may refuse. */
export type DbPool = Pool & { readonly guard?: (tx: Tx) => Promise<void> };

/** The client of an open transaction. */
export type Tx = PoolClient;

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Turns interpolations into bind parameters. It cannot splice text, so it cannot be injected into. */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Statement {
  return { text: strings.reduce((joined, part, index) => `${joined}$${index}${part}`), values };
}

/** Runs a statement and returns how many rows it touched. */
export async function execute(db: Db, statement: Statement): Promise<number> {
  const result = await db.query(statement.text, [...statement.values]);
  return result.rowCount ?? 0;
}

/** Runs a statement and parses each of its rows. */
export async function many<Row extends z.ZodType>(db: Db, row: Row, statement: Statement): Promise<z.output<Row>[]> {
  const result = await db.query(statement.text, [...statement.values]);
  return result.rows.map((record) => row.parse(record));
}

/** The first row, or undefined when there is none. */
export async function maybeOne<Row extends z.ZodType>(
  db: Db,
  row: Row,
  statement: Statement,
): Promise<z.output<Row> | undefined> {
  const [first] = await many(db, row, statement);
  return first;
}

/** The one row of a statement that always has one, such as a count or an insert. */
export async function one<Row extends z.ZodType>(db: Db, row: Row, statement: Statement): Promise<z.output<Row>> {
  const first = await maybeOne(db, row, statement);
  if (first === undefined) throw new Error('a statement that always yields a row yielded none');
  return first;
}

/** Deadlocks and failed serialisation: the fault of the moment, and gone when the same is done again. */
const CONTENTION: readonly unknown[] = ['40P01', '40001'];

/** Whether a transaction failed only because another one was in its way. */
export function isContention(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && CONTENTION.includes(thrown.code);
}

/** Whether a transaction failed because a row is there already that may be there only once. */
export function isUniqueViolation(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === '23505';
}

/** What `pg` says, without a code, when the server did not answer in time. */
const NO_ANSWER = 'Query read timeout';

/** The same pool, but that every transaction opened from it asks `guard` first: what that throws is what it fails with. */
export function guardedPool(pool: DbPool, guard: (tx: Tx) => Promise<void>): DbPool {
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'guard') return guard;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Runs `work` in one transaction: all of it is committed, or nothing. */
export async function inTransaction<T>(pool: DbPool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query('begin');
    await pool.guard?.(client);
    const outcome = await work(client);
    await client.query('commit');
    return outcome;
  } catch (error) {
    isBroken = !(await couldRollBack(client, error));
    throw error;
  } finally {
    // A client that could not even roll back is not given to anybody else.
    client.release(isBroken);
  }
}

/** Whoever does not answer is not asked again: that would take as long once more. */
async function couldRollBack(client: Tx, failure: unknown): Promise<boolean> {
  if (failure instanceof Error && failure.message === NO_ANSWER) return false;
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}
