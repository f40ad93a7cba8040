import { defineConfig } from 'vitest/config';

/** Not part of the suites: it writes files. */
export default defineConfig({
  test: {
    include: ['test/browser/screenshots.ts', 'test/browser/demo-screenshots.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
