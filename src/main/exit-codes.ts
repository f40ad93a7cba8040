import type { ErrorCode } from '../core/errors.ts';
import { AppError } from '../core/errors.ts';

/** What the program's exit codes mean; `stillwater --help` shows them. */
export const EXIT = {
  done: 0,
  /** Something failed, or `doctor` found a problem, or the demo did not end as it should. */
  failed: 1,
  /** The arguments, the environment or a file given is wrong: mend it and try again. */
  badInput: 2,
  /** Another process uses the data directory. */
  alreadyRunning: 3,
} as const;

const BAD_INPUT: readonly ErrorCode[] = ['config_invalid', 'input_invalid', 'demo_refused'];

/** The exit code for whatever ended a command. */
export function exitCodeFor(thrown: unknown): number {
  if (!(thrown instanceof AppError)) return EXIT.failed;
  if (thrown.code === 'already_running') return EXIT.alreadyRunning;
  return BAD_INPUT.includes(thrown.code) ? EXIT.badInput : EXIT.failed;
}
