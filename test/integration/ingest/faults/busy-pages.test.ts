import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../../../src/core/logger.ts';
import { createPool } from '../../../../src/db/pool.ts';
import { startEmbeddedBroker } from '../../../../src/main/embedded/broker.ts';
import { useDatabase } from '../../../support/database.ts';
import {
  aDay,
  headEndFor,
  ingestFor,
  registerMeter,
  storedReadings,
  topicOf,
  untilTaken,
} from '../../../support/waterworks.ts';

const database = useDatabase();
const PAGES_POOL = 8;
const VISITS = 200;

describe('two hundred slow queries of the pages', () => {
  it('keep no reading waiting: readings have connections of their own', async () => {
    const serial = await registerMeter(database.pool);
    const pages = createPool(database.url, PAGES_POOL, createLogger('silent'));
    const broker = await startEmbeddedBroker();
    const ingest = await ingestFor(createPoolFor(), broker.url);
    const meter = await headEndFor(broker.url);
    const visits = Array.from({ length: VISITS }, () => pages.query('select pg_sleep(0.2)'));
    expect(pages.waitingCount).toBe(VISITS - PAGES_POOL);

    const startedMs = performance.now();
    await meter.publishAsync(topicOf(serial), JSON.stringify({ readings: aDay() }), { qos: 1 });
    await untilTaken(ingest, 1);
    const tookMs = performance.now() - startedMs;
    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
    // The queue of visits takes five seconds.
    expect(pages.waitingCount).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(3_000);

    await Promise.all(visits);
    await pages.end();
    await broker.stop();
  });

  function createPoolFor() {
    const pool = createPool(database.url, 3, createLogger('silent'));
    onTestFinished(() => pool.end());
    return pool;
  }
});
