/** Every way the service can refuse or fail, in one list that operators and tests can search. */
export type ErrorCode =
  | 'config_invalid'
  | 'input_invalid'
  | 'already_running'
  | 'embedded_service_failed'
  | 'service_unreachable'
  | 'database_not_migrated'
  | 'demo_refused'
  | 'lease_lost'
  | 'alert_not_found'
  | 'alert_transition_refused'
  | 'cross_site_refused';

export interface AppErrorOptions {
  /** Safe to show to a guardian or contact. Left out: they see a generic sentence. */
  readonly publicMessage?: string;
  /** True when doing the same thing again later can succeed. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** An error that somebody foresaw. The message is for the log and the operator; it names no person and no token. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly publicMessage: string | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.publicMessage = options.publicMessage;
    this.retryable = options.retryable ?? false;
  }
}

/**
 * The sentence of whatever was thrown: for logs, where a stack would drown it. An address of several hosts, of which
 * none answered, fails with an error that says nothing itself.
 */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(messageOf).join('; ');
  return thrown instanceof Error ? thrown.message : String(thrown);
}
