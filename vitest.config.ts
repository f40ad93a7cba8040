import { defineConfig } from 'vitest/config';
import { watchLogs } from './test/support/log-watch/watch-logs.ts';

watchLogs();

/** The suites, from the cheapest to the dearest. `npm test` runs all that the machine can. */
const suite = (name: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
});

const withDatabase = { globalSetup: ['test/support/postgres-server.ts'], testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/support/log-watch/watch-console.ts'],
    projects: [
      // The time is there to end a test that hangs, not to fail one on a busy machine.
      suite('unit', { testTimeout: 30_000 }),
      suite('architecture', { testTimeout: 120_000 }),
      suite('integration', withDatabase),
      suite('scenario', withDatabase),
      suite('crash', { ...withDatabase, testTimeout: 300_000 }),
      suite('browser', { ...withDatabase, testTimeout: 120_000 }),
      // After all others: it looks through what they wrote.
      suite('log', { testTimeout: 120_000, sequence: { groupOrder: 1 } }),
    ],
  },
});
