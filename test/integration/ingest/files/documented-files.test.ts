import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { handTurnedClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { takeReadings } from '../../../../src/ingest/files/take-readings.ts';
import { createMeterDirectory } from '../../../../src/ingest/meter-directory.ts';
import { useDatabase } from '../../../support/database.ts';
import { readingFiles } from '../../../support/reading-files.ts';
import { ARRIVAL, storedReadings } from '../../../support/waterworks.ts';

const database = useDatabase();
const files = readingFiles(() => database.pool);
const guide = readFileSync(new URL('../../../../docs/readings-files.md', import.meta.url), 'utf8');

const examplesOf = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``, 'g'))].map(([, text]) => text ?? '');

it('takes the examples of the guide as they stand there', async () => {
  await database.pool.query(`insert into meter (serial) values ('WM-1001'), ('WM-1002'), ('WM-1003')`);
  const paths = ['csv', 'ndjson'].flatMap((language) =>
    examplesOf(language).map((text, at) => files.write(`example-${at}.${language}`, text)),
  );
  expect(paths).toHaveLength(3);

  expect(await files.run({ files: paths })).toMatchObject({ code: 0, complained: '' });
  expect(await storedReadings(database.pool, 'WM-1001')).toEqual([
    { at: '2026-11-23T00:00:00.000Z', index_l: 123_456 },
    { at: '2026-11-23T01:00:00.000Z', index_l: 123_470 },
    { at: '2026-11-23T02:00:00.000Z', index_l: 123_475 },
  ]);
  expect((await storedReadings(database.pool, 'WM-1003')).map(({ index_l }) => index_l)).toEqual([88_012, 88_020]);
});

it('answers over HTTP what the guide says it answers', async () => {
  const [answer = ''] = examplesOf('json');
  const documented = JSON.parse(answer) as { rejected: object[] };
  const deps = { pool: database.pool, clock: handTurnedClock(ARRIVAL), log: createLogger('silent') };
  const body = Readable.from([Buffer.from('meter,at,index_l\n,2026-11-23T08:00:00+08:00,5\n')]);
  const taken = await takeReadings({ ...deps, meters: createMeterDirectory(database.pool) }, body, 'csv');

  expect(Object.keys(taken)).toEqual(Object.keys(documented));
  expect(taken.rejected).toEqual([{ ...documented.rejected[0], line: 2 }]);
});
