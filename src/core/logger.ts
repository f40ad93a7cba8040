import { type Logger as PinoLogger, pino, stdSerializers } from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The service's logger: JSON lines on standard error.
 *
 * Errors of libraries can carry bound parameters, and those can be somebody's phone: only type, message, code and
 * stack are let through, never the error's other fields.
 */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, serializers: { err: serializeError } }, pino.destination({ dest: 2, sync: true }));
}

function serializeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { type, message, stack } = stdSerializers.err(thrown);
  const code: unknown = Reflect.get(thrown, 'code');
  return { type, code, message, stack };
}
