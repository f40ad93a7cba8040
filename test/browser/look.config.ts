import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    include: ['test/browser/look.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
