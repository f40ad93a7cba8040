import { pino } from 'pino';
import type { Logger } from '../../src/core/logger.ts';

/** A logger that lets everything through, and what it wrote. */
export function loggerWithLines(): { readonly log: Logger; readonly lines: () => string } {
  const written: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => written.push(line) });
  return { log, lines: () => written.join('') };
}
