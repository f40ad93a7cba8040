import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { demoTown } from '../../simulator/presets/demo-town.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { isAlive, postgresPidOf, useInstallation, withEmbeddedDatabase } from '../support/installation.ts';
import type { RunningProgram } from '../support/program.ts';

const FEW = 3_000;
const MANY = 15_000;

describe('a demonstration that is broken off in the middle of its back-fill', () => {
  const installation = useInstallation();
  const dataDir = () => join(installation.dataDir, 'demo');
  const inDatabase = <T>(work: (pool: DbPool) => Promise<T>) => withEmbeddedDatabase(dataDir(), work);

  it('goes on where it was, and in the end has each reading of the thirty days once', async () => {
    const stopped = installation.start(['demo']);
    await untilStored(stopped, FEW);
    stopped.signalGroup('SIGINT');
    expect(await stopped.ended).toEqual({ code: 0, signal: null });
    expect(postgresPidOf(dataDir())).toBeUndefined();

    const killed = installation.start(['demo']);
    await untilStored(killed, MANY);
    killed.signalGroup('SIGKILL');
    await killed.ended;
    const orphan = postgresPidOf(dataDir());
    const expected = await inDatabase(readingsSentInThirtyDays);
    expect(await inDatabase(countReadings)).toBeLessThan(expected.size);

    const survivor = installation.start(['demo']);
    const [, printed] = await survivor.says(/(\d+) readings of 61 homes stored, 0 conflicts, 0 messages in quarantine/);
    expect(survivor.stdout()).toContain('it goes on with the same town');
    expect(orphan && isAlive(orphan)).toBe(false);
    expect(Number(printed)).toBe(expected.size);
    const stored = await inDatabase(readingsStoredInBackfill);
    expect(missingFrom(stored, expected)).toEqual([]);
    expect(missingFrom(expected, stored)).toEqual([]);
    survivor.signalGroup('SIGINT');
    expect(await survivor.ended).toEqual({ code: 0, signal: null });
  });

  async function untilStored(program: RunningProgram, readings: number): Promise<void> {
    await program.says(/starting a PostgreSQL/);
    await vi.waitFor(async () => expect(await inDatabase(countReadings)).toBeGreaterThan(readings), {
      timeout: 120_000,
      interval: 50,
    });
  }
});

async function countReadings(pool: DbPool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*) from register_reading');
  return rows[0]!.count;
}

/** Every (meter, time, register) of all messages of the history, by the town that the database says is being played. */
async function readingsSentInThirtyDays(pool: DbPool): Promise<Set<string>> {
  const { town, dayBeginsAt } = await townOf(pool);
  const sent = new Set<string>();
  for (const { meterSerial, payload } of town.messagesBetween(town.startAt, dayBeginsAt)) {
    const content = JSON.parse(payload) as SentReading & { readings?: SentReading[] };
    for (const { at, index_l } of content.readings ?? [content])
      sent.add(`${meterSerial} ${Date.parse(at)} ${index_l}`);
  }
  return sent;
}

/** The clock of a demonstration stands still at the beginning of the day while the history is sent. */
async function readingsStoredInBackfill(pool: DbPool): Promise<Set<string>> {
  const { dayBeginsAt } = await townOf(pool);
  const { rows } = await pool.query<{ serial: string; read_at: Date; index_l: number }>(
    'select serial, read_at, index_l from register_reading join meter on meter.id = meter_id where received_at <= $1',
    [dayBeginsAt],
  );
  return new Set(rows.map(({ serial, read_at, index_l }) => `${serial} ${read_at.getTime()} ${index_l}`));
}

async function townOf(pool: DbPool) {
  const { rows } = await pool.query<{ detail: { seed: number; startAt: string } }>(
    `select detail from audit_entry where action = 'demo.loading'`,
  );
  const { seed, startAt } = rows[0]!.detail;
  return demoTown(seed, new Date(startAt));
}

interface SentReading {
  readonly at: string;
  readonly index_l: number;
}

function missingFrom(some: ReadonlySet<string>, all: ReadonlySet<string>): string[] {
  return [...all].filter((each) => !some.has(each));
}
