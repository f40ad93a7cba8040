import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchedRecord } from '../support/log-watch/leaks.ts';

/** A process of the test run and what it wrote. */
export interface WatchedProcess {
  /** Its program with arguments, as it was started; for one that runs tests, their file. */
  readonly name: string;
  /** The suite of that file; undefined for what a test has started. */
  readonly suite: string | undefined;
  readonly records: readonly WatchedRecord[];
}

/** Every Node process in the folder. */
export function processesIn(folder: string): WatchedProcess[] {
  return filesIn(folder, '.jsonl').map((path) => {
    const records = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as WatchedRecord);
    const testFile = records.find(({ kind }) => kind === 'test')?.text;
    const program = records.find(({ kind }) => kind === 'process')?.text ?? path;
    const suite = testFile && /\/test\/(\w+)\//.exec(testFile)?.[1];
    return { name: testFile ?? program, suite, records };
  });
}

/** What the PostgreSQL servers of the run wrote into their own logs, by file and line. */
export function postgresLogsIn(folder: string): WatchedProcess[] {
  return filesIn(folder, '.log').map((path) => {
    const lines = readFileSync(path, 'utf8').split('\n');
    return { name: path, suite: undefined, records: lines.map((text) => ({ kind: 'log', text })) };
  });
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
