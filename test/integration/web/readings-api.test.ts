import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createPool } from '../../../src/db/pool.ts';
import type { DbPool } from '../../../src/db/sql.ts';
import { takeReadings } from '../../../src/ingest/files/take-readings.ts';
import { createMeterDirectory } from '../../../src/ingest/meter-directory.ts';
import { readingsApi, type ReadingsApiOptions } from '../../../src/web/api/readings.ts';
import { createApp } from '../../../src/web/app.ts';
import { useDatabase } from '../../support/database.ts';
import { loggerWithLines } from '../../support/log-lines.ts';
import { asCsv, asNdjson, numberedRows, storedNumbers } from '../../support/reading-files.ts';
import { aDay, ARRIVAL, registerMeter, storedReadings } from '../../support/waterworks.ts';

const database = useDatabase();
const TOKEN = 'a-token-of-these-tests';
const DAY = aDay();
const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';

let serial = '';
let opened: FastifyInstance[] = [];
beforeEach(async () => {
  await database.pool.query('truncate register_reading, reading_conflict, ingest_batch, quarantined_message');
  serial = await registerMeter(database.pool);
});
afterEach(async () => {
  for (const app of opened) await app.close();
  opened = [];
});

/** The server that takes readings, and all that it logs. */
async function serve(options: Partial<ReadingsApiOptions> = {}, pool: DbPool = database.pool) {
  const { log, lines } = loggerWithLines();
  const deps = { pool, clock: handTurnedClock(ARRIVAL), log, meters: createMeterDirectory(pool) };
  const api: ReadingsApiOptions = {
    take: (body, format) => takeReadings(deps, body, format),
    token: new Secret(TOKEN),
    isLoopback: true,
    ...options,
  };
  const app = await createApp({
    log,
    parts: async (parts) => {
      await parts.register(readingsApi, api);
    },
  });
  opened.push(app);
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/readings`;
  const post = async (body: string | Uint8Array, type: string, headers: Record<string, string> = {}) => {
    const all = { authorization: `Bearer ${TOKEN}`, 'content-type': type, ...headers };
    const response = await fetch(url, { method: 'POST', body, headers: all });
    return { status: response.status, headers: response.headers, answer: (await response.json()) as object };
  };
  return { url, post, lines };
}

const day = (meter = serial) => DAY.map((reading) => ({ meter, ...reading }));
const stored = () => storedReadings(database.pool, serial);
const taken = {
  stored: 24,
  repeats: 0,
  conflicts: 0,
  unknown: 0,
  unknownMeters: [],
  refused: 0,
  rejectedLines: 0,
  rejected: [],
};

describe('readings over HTTP', () => {
  it.each([
    [CSV, () => asCsv(day())],
    [`${CSV}; charset=utf-8`, () => asCsv(day()).trimEnd()],
    [NDJSON, () => asNdjson(day())],
    [JSON_TYPE, () => JSON.stringify(day())],
    [JSON_TYPE, () => JSON.stringify({ meter: serial, readings: DAY })],
  ])('are stored before the answer, as %s, packed or not, and repeated without harm', async (type, write) => {
    const { post } = await serve();

    expect(await post(write(), type)).toMatchObject({ status: 200, answer: taken });
    expect(await stored()).toEqual(DAY);
    const again = await post(gzipSync(write()), type, { 'content-encoding': 'gzip' });
    expect(again).toMatchObject({ status: 200, answer: { ...taken, stored: 0, repeats: 24 } });
  });

  it('are taken line by line: the bad ones are named, all others are stored', async () => {
    const { post } = await serve();
    const [one, two, three] = day();
    const text = asNdjson([one!, { ...two!, at: 'never' }, three!]);

    expect(await post(text, NDJSON)).toMatchObject({
      status: 422,
      answer: {
        stored: 2,
        rejectedLines: 1,
        rejected: [
          { line: 2, reason: 'schema_mismatch', detail: expect.stringContaining('at'), text: text.split('\n')[1] },
        ],
      },
    });
    const array = JSON.stringify([one, { ...two, at: 'never' }]);
    expect(await post(array, JSON_TYPE)).toMatchObject({
      status: 422,
      answer: { repeats: 1, rejected: [{ line: 2 }] },
    });
    expect(await stored()).toEqual([DAY[0], DAY[2]]);
  });

  it('name only the first of many bad lines, and count all', async () => {
    const { post } = await serve();
    const { status, answer } = await post(
      `meter,at,index_l\n${`${serial},never,${'5'.repeat(900)}\n`.repeat(1_000)}`,
      CSV,
    );

    expect(status).toBe(422);
    const { rejected, rejectedLines } = answer as { rejected: { text: string }[]; rejectedLines: number };
    expect([rejectedLines, rejected.length, rejected[0]?.text.length]).toEqual([1_000, 100, 200]);
  });

  it('tell of contradictions and of meters that nobody registered', async () => {
    const { post } = await serve();
    await post(JSON.stringify(day()[0]), JSON_TYPE);
    const { answer } = await post(asCsv([{ ...day()[0]!, index_l: 3 }, ...day('NEW-1'), ...day('NEW-2')]), CSV);

    expect(answer).toMatchObject({ stored: 0, conflicts: 1, unknown: 48, unknownMeters: ['NEW-1', 'NEW-2'] });
    const { rows } = await database.pool.query('select source, topic from quarantined_message order by id');
    expect(rows).toEqual([
      { source: 'http', topic: 'meters/NEW-1/readings' },
      { source: 'http', topic: 'meters/NEW-2/readings' },
    ]);
  });

  it('may come in a long body that nobody knows the length of', async () => {
    const { url } = await serve();
    const rows = numberedRows([serial], 30_000);
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': NDJSON, 'transfer-encoding': 'chunked' };
      const sending = httpRequest(url, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on('error', reject);
      for (let from = 0; from < rows.length; from += 700) sending.write(asNdjson(rows.slice(from, from + 700)));
      sending.end();
    });

    expect(status).toBe(200);
    expect(await storedNumbers(database.pool)).toEqual(rows.map(({ index_l }) => index_l));
  });

  it('leave no serial, register or token in the log', async () => {
    const { post, lines } = await serve();
    await post(asCsv([...day(), ...day('NEW-9')]) + 'x,y\n', CSV);
    await post('{"meter":"SECRET-1"', JSON_TYPE);
    await post(asCsv(day()), CSV, { authorization: 'Bearer wrong-token' });

    expect(lines()).toContain('/api/readings');
    expect(lines()).not.toMatch(/WM-|NEW-9|SECRET-1|1005|wrong-token|a-token/);
  });
});

describe('who may send readings', () => {
  it.each(['', 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(0, -1)}`])(
    'is nobody with the authorisation "%s"',
    async (authorization) => {
      const { post } = await serve({ isLoopback: true });
      const refused = await post(asCsv(day()), CSV, { authorization });

      expect(refused).toMatchObject({
        status: 401,
        answer: { message: expect.stringContaining('READINGS_API_TOKEN') },
      });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(await stored()).toEqual([]);
    },
  );

  it('is a program on this machine, where there is no token', async () => {
    const { post } = await serve({ token: undefined });
    expect(await post(asCsv(day()), CSV)).toMatchObject({ status: 200 });
  });

  it.each<[string, Partial<ReadingsApiOptions>, Record<string, string>]>([
    ['the server can be reached from elsewhere', { isLoopback: false }, {}],
    ['a page of another site sends it', {}, { origin: 'https://elsewhere.example.org' }],
    ['a browser sends it', {}, { 'sec-fetch-site': 'same-origin' }],
    ['it came through a proxy', {}, { 'x-forwarded-for': '203.0.113.9' }],
  ])('is nobody without a token, where %s', async (_where, options, headers) => {
    const { post } = await serve({ token: undefined, ...options });
    const refused = await post(asCsv(day()), CSV, headers);

    expect(refused).toMatchObject({ status: 403, answer: { message: expect.stringContaining('READINGS_API_TOKEN') } });
    expect(await stored()).toEqual([]);
  });
});

describe('what is no body of readings', () => {
  it.each([
    ['text/plain', 'meter', {}, 415, 'text/csv'],
    [CSV, asCsv([]), { 'content-encoding': 'br' }, 415, 'gzip'],
    [CSV, '', {}, 400, 'there is nothing in it'],
    [CSV, 'phone,name\n', {}, 400, 'the column meter is missing'],
    [NDJSON, '[{"meter":"WM-1"}]', {}, 400, 'one JSON array'],
    [JSON_TYPE, '{"meter":', {}, 400, 'not JSON'],
    [JSON_TYPE, '[]', {}, 400, 'there is nothing in it'],
    [CSV, 'meter,at,index_l\n', { 'content-encoding': 'gzip' }, 400, ''],
    [JSON_TYPE, `[${' '.repeat(1_100_000)}]`, {}, 413, 'send it in parts'],
  ])('is refused with what to do: %s', async (type, body, headers, status, words) => {
    const { post } = await serve();
    const refused = await post(body, type, headers);
    expect(refused).toMatchObject({ status, answer: { status, message: expect.stringContaining(words) } });
  });

  it('is one that unpacks to more than is read, or is cut off; what came before is stored', async () => {
    const { post } = await serve();
    const long = gzipSync(asCsv(numberedRows([serial], 40_000)));

    const bomb = gzipSync(`[${' '.repeat(1_100_000)}]`);
    expect(await post(bomb, JSON_TYPE, { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
    const cut = await post(long.subarray(0, -20_000), CSV, { 'content-encoding': 'gzip' });
    expect(cut).toMatchObject({
      status: 400,
      answer: { message: expect.stringContaining('sending it again is harmless') },
    });
    expect((await storedNumbers(database.pool)).length).toBeGreaterThan(5_000);
    expect(await post(long, CSV, { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
    expect(await storedNumbers(database.pool)).toHaveLength(40_000);
  });

  it('is one whose sender went away: what came before is stored, half a line is not, and others are served', async () => {
    const { url, post, lines } = await serve();
    const text = asCsv(numberedRows([serial], 20_000));
    const goAway = () =>
      new Promise<void>((resolve) => {
        const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': CSV, 'content-length': text.length };
        const sending = httpRequest(url, { method: 'POST', headers });
        sending.on('error', () => undefined).on('close', resolve);
        sending.write(text.slice(0, -5), () => setTimeout(() => sending.destroy(), 300));
      });
    await Promise.all([goAway(), goAway()]);

    await expect.poll(async () => (await post(asCsv(day()), CSV)).status, { timeout: 5_000 }).toBe(200);
    const { rows } = await database.pool.query<{ index_l: number }>(
      `select index_l from register_reading where read_at < '2021-01-01' order by 1`,
    );
    expect(rows.map(({ index_l }) => index_l)).toEqual(rows.map((_, at) => at));
    expect(rows.length).toBeGreaterThan(5_000);
    expect(lines()).not.toContain('a request failed');
  });
});

describe('a database that is away', () => {
  it('makes the sender come again: nothing is said to be stored that is not', async () => {
    const gone = createPool(new Secret('postgres://nobody@127.0.0.1:1/none'), 1, createLogger('silent'));
    onTestFinished(() => gone.end());
    const deps = { pool: gone, clock: handTurnedClock(ARRIVAL), log: createLogger('silent') };
    const away = { ...deps, meters: createMeterDirectory(gone) };
    const { post } = await serve({ take: (body, format) => takeReadings(away, body, format, 300) });

    const refused = await post(asCsv(day()), CSV);
    expect(refused).toMatchObject({
      status: 503,
      answer: { message: expect.stringContaining('the database is away') },
    });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await stored()).toEqual([]);
  });
});

describe('many senders at once', () => {
  it('are asked to come again when two are being served', async () => {
    const finish = new AbortController();
    const slow = once(finish.signal, 'abort').then(() => ({ rejectedLines: 0 }));
    const { post } = await serve({ take: () => slow });

    const served = [post('x', CSV), post('x', CSV)];
    await new Promise((resolve) => setTimeout(resolve, 200));
    const third = await post('x', CSV);
    finish.abort();
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('5');
    expect((await Promise.all(served)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await post('x', CSV)).status).toBe(200);
  });
});
