import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { useBuiltProgram } from '../../support/program.ts';

const BENCH = 'dist/bench/ingest/main.js';

/** The benchmark's own place for what it must clean up. The user that PostgreSQL runs as can look in. */
const place = mkdtempSync(join(tmpdir(), 'bench-test-'));
chmodSync(place, 0o755);
afterAll(() => rmSync(place, { recursive: true, force: true }));

useBuiltProgram();

describe('the benchmark of ingest', () => {
  it('publishes, stores, finds every row again and cleans up after itself', async () => {
    const { stdout } = await bench('--stack embedded --load single --subject ours --repeats 0.25 --messages 400');
    const { runs } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { runs: unknown[] };

    const isPositive = expect.toSatisfy((figure: number) => figure > 0);
    const rates = { messagesPerSecond: isPositive, rowsPerSecond: isPositive, lost: 0, peakRssMb: isPositive };
    const run = { load: 'single', stack: 'embedded', subject: 'ours', repeats: 0.25, messages: 400 };
    expect(runs).toEqual([expect.objectContaining({ ...run, ...rates })]);
    expect(readdirSync(place)).toEqual([]);
  }, 120_000);

  it('says what is wrong with an option', async () => {
    await expect(bench('--load double')).rejects.toMatchObject({
      code: 2,
      stderr: '--load double: it is one of single, batch24\n',
    });
  });
});

function bench(options: string) {
  const always = ['--throughput', '--rounds', '1', '--json'];
  return promisify(execFile)(process.execPath, [BENCH, ...options.split(' '), ...always], {
    env: { ...process.env, TMPDIR: place },
  });
}
