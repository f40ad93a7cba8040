import { describe, expect, it } from 'vitest';
import { isWritten, leaksIn } from '../support/log-watch/leaks.ts';
import { postgresLogsIn, processesIn, type WatchedProcess } from './watched-run.ts';

/** Suites in which the service itself is at work. */
const AT_WORK = ['integration', 'scenario', 'crash', 'browser'];
/** These show people the texts that they ask to see, on their own terminal: that is their answer, and no log. */
const ANSWERS = /cli\.js (demo|replies|texts)\b/;

/** The suites that ran before this one: it comes last (vitest.config.ts). */
describe('what all processes of this test run have written', () => {
  const folder = process.env['TEST_LOG_FOLDER'] ?? '';
  const processes = processesIn(folder).filter(({ suite }) => suite !== 'log');
  const servers = postgresLogsIn(folder);
  const suites = new Set(processes.map(({ suite }) => suite));

  it('was looked at: every suite and what it started wrote something, and made tokens and codes', () => {
    const seen = AT_WORK.filter((suite) => suites.has(suite));
    const wrote = (suite: string) =>
      processes.filter((each) => each.suite === suite).flatMap(({ records }) => records.filter(isWritten)).length;
    expect(suites.size, 'suites that ran').toBeGreaterThan(0);
    expect(seen.filter((suite) => wrote(suite) === 0)).toEqual([]);
    if (seen.length < AT_WORK.length) return;

    const started = (command: string) => processes.filter(({ name }) => name.includes(`cli.js ${command}`)).length;
    const made = (kind: string) => processes.flatMap(({ records }) => records.filter((each) => each.kind === kind));
    expect(started('serve')).toBeGreaterThan(5);
    expect(started('demo')).toBeGreaterThan(0);
    expect(made('token').length).toBeGreaterThan(100);
    expect(made('code').length).toBeGreaterThan(0);
    expect(servers.length).toBeGreaterThan(3);
  });

  it("holds nobody's phone or name, no token and no code", () => {
    const secrets = new Set<string>();
    for (const { records } of processes) {
      for (const { kind, text } of records) if (kind === 'token' || kind === 'code') secrets.add(text);
    }
    expect([...processes, ...servers].flatMap((each) => leaksOf(each, secrets))).toEqual([]);
  });
});

function leaksOf({ name, records }: WatchedProcess, secrets: ReadonlySet<string>): string[] {
  const isAnswer = ANSWERS.test(name);
  return records
    .filter((record) => isWritten(record) && !(isAnswer && record.kind === 'stdout'))
    .flatMap((record) => leaksIn(record, secrets))
    .map(({ what, kind, text }) => `${what} in the ${kind} of ${name}: ${text.slice(0, 300)}`);
}
