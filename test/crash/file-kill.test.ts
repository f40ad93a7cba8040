import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { startProgram, untilFinished, useBuiltProgram } from '../support/program.ts';
import { asCsv, numberedRows, storedNumbers } from '../support/reading-files.ts';
import { registerMeter } from '../support/waterworks.ts';

const NAMED_MOMENTS = [
  'file.rejected_written:1',
  'ingest.before_commit:2',
  'ingest.after_commit:1',
  // Written, but not committed: it must not count either.
  'file.checkpointed:2',
  'file.rejected_written:3',
  'ingest.after_commit:2',
];
const RANDOM_MOMENTS = 4;
const STARTS_WITHIN_MS = 400;
const LONGEST_LIFE_MS = 300;
const ROWS = 500_000;
const MISTAKES = ROWS / 10_000;
/** The program lives by the machine's clock, and takes no reading that is older than those it keeps. */
const firstMs = () => Math.floor(Date.now() / 60_000) * 60_000 - 380 * 86_400_000;

const database = useDatabase();
useBuiltProgram();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillwater-killed-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ingest = (file: string, settings: Record<string, string> = {}) =>
  startProgram(['ingest', file, '--json'], { env: { DATABASE_URL: database.url.reveal(), ...settings } });

it('a file whose taking in is killed is gone on with, and loses and doubles nothing, good lines or bad', async () => {
  const serials = await Promise.all(Array.from({ length: 20 }, () => registerMeter(database.pool)));
  const file = join(folder, 'long.csv');
  writeFileSync(file, withMistakes(asCsv(numberedRows(serials, ROWS, 0, firstMs()))));

  for (const moment of NAMED_MOMENTS) expect((await ingest(file, { CRASH_AT: moment }).ended).signal).toBe('SIGKILL');
  for (let kill = 0; kill < RANDOM_MOMENTS; kill += 1) {
    const running = ingest(file);
    await delay(STARTS_WITHIN_MS + Math.random() * LONGEST_LIFE_MS);
    running.signal('SIGKILL');
    await running.ended;
  }

  const { code, stdout } = await untilFinished(ingest(file));
  const [{ report }] = (JSON.parse(stdout) as { files: [{ report: { totals: object; resumedAfterLine: number } }] })
    .files;
  expect(code).toBe(1);
  expect(report.resumedAfterLine).toBeGreaterThan(ROWS / 20);
  expect(report.totals).toMatchObject({
    lines: 1 + ROWS + MISTAKES,
    readings: ROWS,
    stored: ROWS,
    repeats: 0,
    rejectedLines: MISTAKES,
    conflicts: 0,
  });
  expect(await storedNumbers(database.pool)).toEqual(Array.from({ length: ROWS }, (_, number) => number));
  const rejected = readFileSync(`${file}.rejected.csv`, 'utf8').trimEnd().split('\n');
  expect(rejected.slice(1).map((line) => /,never,(\d+)$/.exec(line)?.[1])).toEqual(
    Array.from({ length: MISTAKES }, (_, at) => String((at + 1) * 10_000)),
  );
});

/** A line that cannot be taken after every ten thousand that can. */
function withMistakes(sheet: string): string {
  const lines = sheet.trimEnd().split('\n');
  return `${lines.flatMap((line, at) => (at > 0 && at % 10_000 === 0 ? [line, `WM-1,never,${at}`] : [line])).join('\n')}\n`;
}
