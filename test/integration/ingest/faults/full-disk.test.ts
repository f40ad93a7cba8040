import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { giveTo, postgresOwner } from '../../../../src/main/embedded/unprivileged-user.ts';
import { useDatabase } from '../../../support/database.ts';
import { type ObservedBroker, startObservedBroker } from '../../../support/observed-broker.ts';
import { aDay, headEndFor, ingestFor, registerMeter, storedReadings, topicOf } from '../../../support/waterworks.ts';

const SIZE = '2m';
const METERS = 100;
const SEVERAL_ATTEMPTS_MS = 1_500;

/** Whether a small disk can be had. It takes root and the right to mount; where there is none that is said aloud. */
function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'stillwater-mount-'));
  try {
    mountAt(dir);
    unmountFrom(dir);
    return true;
  } catch {
    console.warn('left out: a full disk. Only who may mount a small file system can try it (root, or CAP_SYS_ADMIN)');
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function mountAt(dir: string): void {
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', dir], { stdio: 'ignore' });
}
function unmountFrom(dir: string): void {
  execFileSync('/bin/umount', [dir], { stdio: 'ignore' });
}

describe.runIf(canMount())('while the disk of PostgreSQL is full', () => {
  const database = useDatabase();
  const disk = mkdtempSync(join(tmpdir(), 'stillwater-disk-'));
  const filler = join(disk, 'filler');
  const tablespace = `small_${process.pid}`;
  let broker: ObservedBroker;

  beforeAll(async () => {
    mountAt(disk);
    giveTo(postgresOwner(), disk);
    await database.pool.query(`create tablespace ${tablespace} location '${disk}'`);
  });
  afterAll(async () => {
    await moveTo('pg_default');
    await database.pool.query(`drop tablespace ${tablespace}`);
    unmountFrom(disk);
    rmSync(disk, { recursive: true, force: true });
  });
  beforeEach(async () => {
    broker = await startObservedBroker();
  });
  afterEach(() => broker.stop());

  async function moveTo(place: string): Promise<void> {
    await database.pool.query(`alter table register_reading set tablespace ${place}`);
    await database.pool.query(`alter index register_reading_pkey set tablespace ${place}`);
  }
  /** Leaves no byte to anybody. */
  function fill(): void {
    const file = openSync(filler, 'w');
    const block = Buffer.alloc(4_096, 1);
    try {
      for (;;) writeSync(file, block);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    } finally {
      closeSync(file);
    }
  }

  it('nothing is acknowledged, and with room again everything is stored and nothing in quarantine', async () => {
    const serials = await Promise.all(Array.from({ length: METERS }, () => registerMeter(database.pool)));
    const ingest = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    await moveTo(tablespace);
    fill();
    const payload = JSON.stringify({ readings: aDay() });
    await Promise.all(serials.map((serial) => meter.publishAsync(topicOf(serial), payload, { qos: 1 })));
    await vi.waitFor(() => expect(ingest.stats().pending).toBe(METERS));
    const byHand = database.pool.query(
      `insert into register_reading (meter_id, read_at, index_l, received_at)
       select 1, '2001-01-01'::timestamptz + n * interval '1 minute', n, now() from generate_series(1, 5000) as n`,
    );
    await expect(byHand).rejects.toMatchObject({ code: '53100' });
    await delay(SEVERAL_ATTEMPTS_MS);
    expect(broker.acknowledged).toEqual([]);

    rmSync(filler);
    await vi.waitFor(() => expect(broker.acknowledged).toHaveLength(METERS), { timeout: 20_000 });
    for (const serial of serials) expect(await storedReadings(database.pool, serial)).toEqual(aDay());
    const { rows } = await database.pool.query('select from quarantined_message');
    expect(rows).toEqual([]);
  });
});
