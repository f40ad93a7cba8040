import { format } from 'node:util';
import { expect } from 'vitest';
import { copyRecord } from './watched-process.ts';

/** For each test file: says whose process this is, and copies what goes to the console, which vitest catches. */
copyRecord('test', expect.getState().testPath ?? '');
for (const name of ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const) {
  const write = console[name].bind(console) as (...given: unknown[]) => void;
  console[name] = (...given: unknown[]) => {
    copyRecord('console', format(...given));
    write(...given);
  };
}
