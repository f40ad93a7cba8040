import { createLogger, type Logger } from '../../src/core/logger.ts';

/** The service's logger, letting through all that it can, and what it wrote. */
export function loggerWithLines(): { readonly log: Logger; readonly lines: () => string } {
  const written: string[] = [];
  const log = createLogger('debug', { write: (line: string) => void written.push(line) });
  return { log, lines: () => written.join('') };
}
