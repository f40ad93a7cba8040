import { type DestinationStream, type LogFn, type Logger as PinoLogger, pino, stdSerializers } from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The service's logger: JSON lines on standard error, or into `lines`.
 *
 * Errors of libraries can carry bound parameters, and those can be somebody's phone: only type, message, code and
 * stack are let through, never the error's other fields, and what a message may quote is left out of it.
 */
export function createLogger(level: LogLevel, lines?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: serializeError }, hooks: { logMethod: withWords } };
  return pino(options, lines ?? pino.destination({ dest: 2, sync: true }));
}

/** Where an error is logged without a word, pino would take the error's own. */
function withWords(this: Logger, given: Parameters<LogFn>, write: LogFn): void {
  const [what, ...words] = given as unknown[];
  const isSilent = words.length === 0 && typeof what === 'object';
  write.apply(this, isSilent ? [what, ''] : given);
}

function serializeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return { message: withoutQuotes(String(thrown)) };
  const { type, message, stack } = stdSerializers.err(thrown);
  const code: unknown = Reflect.get(thrown, 'code');
  return { type, code, message: withoutQuotes(message), stack: withoutQuotes(stack) };
}

/** Messages quote what they could not read: digits that may be a phone, tokens of links, and names, which are Chinese. */
function withoutQuotes(text: string): string {
  return text
    .replace(/\+?\d(?:[ -]?\d){6,}/g, '[digits]')
    .replace(/(\/[vd]\/)[\w-]+/g, '$1[token]')
    .replace(/\p{Script=Han}+/gu, '[text]');
}
