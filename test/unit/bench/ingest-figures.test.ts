import { describe, expect, it } from 'vitest';
import type { CaseResult, Figures } from '../../../bench/ingest/figures.ts';
import { goalsOf } from '../../../bench/ingest/goals.ts';
import { medianFigures } from '../../../bench/ingest/median-figures.ts';
import { asText, throughputTable } from '../../../bench/ingest/table.ts';
import { percentile } from '../../../bench/percentile.ts';

const QUIET: Figures = {
  messages: 1_000,
  seconds: 1,
  messagesPerSecond: 1_000,
  rowsPerSecond: 1_000,
  lost: 0,
  cpuSecondsPerMillionRows: 10,
  subscriberCpuSecondsPerMillionRows: 3,
  postgresCpuSecondsPerMillionRows: 5,
  brokerCpuSecondsPerMillionRows: 2,
  peakRssMb: 90,
};

const PLAIN = { stack: 'services', repeats: 0, isSequenced: false, rounds: 3 } as const;
const result = (
  load: CaseResult['load'],
  subject: CaseResult['subject'],
  figures: Partial<Figures & { repeats: 0.25 }>,
): CaseResult => ({ ...PLAIN, load, subject, ...QUIET, ...figures });

describe('the figures of several runs', () => {
  it('say of waiting how long the share that was asked for waited at most', () => {
    const waits = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(waits, 0.5), percentile(waits, 0.99), percentile(waits, 1)]).toEqual([50, 99, 100]);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('hide no lost reading behind runs that lost none', () => {
    const runs = [QUIET, { ...QUIET, lost: 3, rowsPerSecond: 700 }, { ...QUIET, rowsPerSecond: 800 }];
    expect(medianFigures(runs)).toEqual({ ...QUIET, lost: 3, rowsPerSecond: 800 });
  });
});

describe('a goal', () => {
  const about = (results: readonly CaseResult[], name: string) =>
    goalsOf(results, [])
      .filter((goal) => goal.name === name)
      .map(({ measured, isMet }) => ({ measured, isMet }));

  it('is met at its bound and not beside it', () => {
    const ceiling = result('single', 'broker-ceiling', { messagesPerSecond: 1_000 });
    const ours = (messagesPerSecond: number) => result('single', 'ours', { messagesPerSecond });
    expect(about([ceiling, ours(950)], 'P1')).toEqual([{ measured: 0.95, isMet: true }]);
    expect(about([ceiling, ours(949)], 'P1')).toEqual([{ measured: 0.949, isMet: false }]);
  });

  it('of rows compares with COPY under the same load, not with the broker', () => {
    const results = [
      result('single', 'copy-ceiling', { rowsPerSecond: 10 }),
      result('batch24', 'broker-ceiling', { rowsPerSecond: 10 }),
      result('batch24', 'copy-ceiling', { rowsPerSecond: 500 }),
      result('batch24', 'ours', { rowsPerSecond: 400 }),
    ];
    expect(about(results, 'P2')).toEqual([{ measured: 0.8, isMet: true }]);
  });

  it('for repeated messages is judged by the run with repeats alone', () => {
    const results = [
      result('single', 'broker-ceiling', { messagesPerSecond: 1_000 }),
      result('single', 'ours', { messagesPerSecond: 900 }),
      result('single', 'ours', { messagesPerSecond: 300, repeats: 0.25 }),
    ];
    expect(about(results, 'P4')).toEqual([{ measured: 0.3, isMet: false }]);
  });

  it('for processor time counts ingester and database, and leaves out the broker', () => {
    expect(about([result('single', 'ours', {})], 'P5a')).toEqual([{ measured: 8, isMet: true }]);
  });

  it('that nothing was measured for is left out, and never made up', () => {
    const peer = { ...PLAIN, load: 'single', subject: 'node-red-batched', unavailable: 'no network' } as const;
    expect(about([result('single', 'ours', {}), peer], 'P3')).toEqual([]);
  });
});

describe('the table', () => {
  it('says how each subject stands to the ceilings and to ours', () => {
    const table = throughputTable([
      result('single', 'broker-ceiling', { messagesPerSecond: 2_000 }),
      result('single', 'copy-ceiling', { rowsPerSecond: 4_000 }),
      result('single', 'ours', { messagesPerSecond: 1_500, rowsPerSecond: 1_500 }),
      result('single', 'insert-per-message', { messagesPerSecond: 100, rowsPerSecond: 100 }),
    ]);
    const columns = ['subject', 'of broker', 'of COPY', 'ours is'].map((name) => table[0]!.indexOf(name));
    expect(table.slice(3).map((row) => columns.map((column) => row[column]))).toEqual([
      ['ours', '0.75', '0.375', '1 x'],
      ['insert-per-message', '0.05', '0.025', '15 x'],
    ]);
  });

  it('names what could not be had instead of giving it a figure', () => {
    const missing = { ...PLAIN, load: 'single', subject: 'node-red', unavailable: 'npm could not fetch it' } as const;
    expect(asText(throughputTable([missing]))).toContain('unavailable: npm could not fetch it');
    expect(asText(throughputTable([missing]))).not.toContain('NaN');
  });
});
