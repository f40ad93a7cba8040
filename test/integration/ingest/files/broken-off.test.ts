import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../support/database.ts';
import { failingAt } from '../../../support/failing-pool.ts';
import { asCsv, numberedRows, readingFiles, storedNumbers } from '../../../support/reading-files.ts';
import { registerMeter } from '../../../support/waterworks.ts';

const database = useDatabase();
let isAway = false;
/** The database, until it is away: then no statement reaches it. */
const awayNowAndThen = Object.assign(/ /, { test: () => isAway });
const files = readingFiles(() => failingAt(database.pool, awayNowAndThen));
const ROWS = 40_000;
const NUMBERS = Array.from({ length: ROWS }, (_, number) => number);

let serials: string[] = [];
beforeEach(async () => {
  await database.pool.query('truncate register_reading, reading_file, ingest_batch, reading_conflict');
  serials = await Promise.all([registerMeter(database.pool), registerMeter(database.pool)]);
});

/** A bad line after every thousand good ones. */
const sheetWithMistakes = () =>
  asCsv(numberedRows(serials, ROWS))
    .split('\n')
    .map((line, at) => (at > 0 && at % 1_000 === 0 ? `${line}\n${serials[0] ?? ''},never,${at}` : line))
    .join('\n');
const stopAtOnce = { onChunk: (stop: () => void) => stop() };
const goneOnAfter = (printed: string) =>
  Number(/gone on with after line ([\d,]+)/.exec(printed)?.[1]?.replaceAll(',', '') ?? 0);

describe('a file that was broken off', () => {
  it('is gone on with where it was, and told of as a whole', async () => {
    const file = files.write('long.csv', sheetWithMistakes());

    const first = await files.run({ files: [file] }, stopAtOnce);
    expect(first.code).toBe(1);
    expect(first.complained).toContain('broken off; run the same again to go on from here');
    const before = (await storedNumbers(database.pool)).length;
    expect(before).toBeLessThan(ROWS / 2);

    const second = await files.run({ files: [file] });
    expect(goneOnAfter(second.printed)).toBeGreaterThan(before);
    expect(second.printed).toContain('40,000 readings in 40,041 lines');
    expect(second.printed).toContain('  40,000 stored\n  0 were there already');
    expect(second.complained).toContain('  40 lines rejected\n    40 schema_mismatch: line 1002, 2003,');
    expect(await storedNumbers(database.pool)).toEqual(NUMBERS);

    const rejected = readFileSync(`${file}.rejected.csv`, 'utf8').trimEnd().split('\n');
    expect(rejected.length).toBe(1 + 40);
    expect(new Set(rejected).size).toBe(1 + 40);
  });

  it('is begun anew when it was changed meanwhile, and when it is told to', async () => {
    const text = asCsv(numberedRows(serials, ROWS));
    const file = files.write('long.csv', text);
    await files.run({ files: [file] }, stopAtOnce);
    expect(goneOnAfter((await files.run({ files: [file], fromStart: true }, stopAtOnce)).printed)).toBe(0);
    expect(goneOnAfter((await files.run({ files: [file] }, stopAtOnce)).printed)).toBeGreaterThan(0);

    const corrected = text.replace(',3000\n', ',2999\n');
    expect(corrected).not.toBe(text);
    writeFileSync(file, corrected);
    const { code, printed } = await files.run({ files: [file] });
    expect(goneOnAfter(printed)).toBe(0);
    expect(code).toBe(0);
    expect(printed).toContain('  1 contradict a stored one; both are kept');
  });

  it('may have grown in the meantime', async () => {
    const file = files.write('long.csv', asCsv(numberedRows(serials, ROWS)));
    await files.run({ files: [file] }, stopAtOnce);
    appendFileSync(file, asCsv(numberedRows(serials, 500, ROWS)).replace(/^.*\n/, ''));

    const { printed } = await files.run({ files: [file] });
    expect(goneOnAfter(printed)).toBeGreaterThan(0);
    expect(await storedNumbers(database.pool)).toHaveLength(ROWS + 500);
  });

  it('waits for a database that goes away, and ends as if it had never been', async () => {
    const file = files.write('long.csv', sheetWithMistakes());
    let waitedMs = 0;
    const goAway = () => {
      if (waitedMs > 0) return;
      waitedMs = 700;
      isAway = true;
      setTimeout(() => (isAway = false), waitedMs);
    };

    const { printed } = await files.run({ files: [file] }, { onChunk: goAway });
    expect(printed).toContain('  40,000 stored\n  0 were there already');
    expect(await storedNumbers(database.pool)).toEqual(NUMBERS);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8').trimEnd().split('\n')).toHaveLength(1 + 40);
  });

  it('is noted without its name, a meter or a reading, and no longer than it takes', async () => {
    const file = files.write('secret-name.csv', asCsv(numberedRows(serials, ROWS)));
    await files.run({ files: [file] }, stopAtOnce);

    const { rows } = await database.pool.query('select row_to_json(f)::text as note from reading_file f');
    expect(rows).toHaveLength(1);
    expect((rows as { note: string }[])[0]!.note).not.toMatch(/WM-|secret-name/);
    await files.run({ files: [file] });
    expect((await database.pool.query('select from reading_file')).rowCount).toBe(0);
  });

  it('is not gone on with by two processes at once', async () => {
    const file = files.write('long.csv', sheetWithMistakes());
    const both = await Promise.all([files.run({ files: [file] }), files.run({ files: [file] })]);

    expect(both.map(({ code }) => code).toSorted()).toEqual([1, 3]);
    expect(both.map(({ complained }) => complained).join()).toContain('another process is taking this file in');
    expect(await storedNumbers(database.pool)).toEqual(NUMBERS);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8').trimEnd().split('\n')).toHaveLength(1 + 40);
  });

  it('may be taken beside another one that says the same', async () => {
    const rows = numberedRows(serials, ROWS);
    const [up, down] = [files.write('up.csv', asCsv(rows)), files.write('down.csv', asCsv(rows.toReversed()))];
    const both = await Promise.all([files.run({ files: [up] }), files.run({ files: [down] })]);

    expect(both.map(({ code, complained }) => [code, complained])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(await storedNumbers(database.pool)).toEqual(NUMBERS);
    expect((await database.pool.query('select from reading_conflict')).rowCount).toBe(0);
  });
});
