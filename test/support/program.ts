import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll } from 'vitest';
import { watchedEnvironment } from './log-watch/watched-process.ts';

/** How a process ended: with a code of its own, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface FinishedProgram extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** The whole environment beside PATH: nothing of the machine's own settings leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another user to run as; only root may ask for one. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Where the project is; here, unless that user cannot look in here. */
  readonly root?: string | undefined;
}

/** The program as its user meets it, in a process group of its own, as a terminal gives it. */
export interface RunningProgram {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the match once standard output has it; rejects when the program ends before. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Sends the signal to the whole group, as Ctrl-C in a terminal does. */
  readonly signalGroup: (signal: NodeJS.Signals) => void;
  /** Sends the signal to the program alone, as a supervisor does. */
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ending>;
}

const BUILD_RECORD = 'dist/.tsbuildinfo';
const PROGRAM = 'dist/src/main/cli.js';

/** Builds the program before the tests of this file, unless it is newer than all that it is made of. */
export function useBuiltProgram(): void {
  beforeAll(() => {
    if (!isBuilt()) execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
}

function isBuilt(): boolean {
  if (!existsSync(BUILD_RECORD)) return false;
  const builtMs = statSync(BUILD_RECORD).mtimeMs;
  const sources = ['src', 'simulator', 'bench'].flatMap((tree) =>
    readdirSync(tree, { recursive: true, encoding: 'utf8' }).map((path) => join(tree, path)),
  );
  return sources.every((path) => statSync(path).mtimeMs < builtMs);
}

/** Starts the built program with these arguments. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const { env = {}, user, root = '.' } = options;
  const child = spawn(process.execPath, [resolve(root, PROGRAM), ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...watchedEnvironment(), ...env },
    ...user,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the program could not be started');
  const output = gatherOutput(child);
  const ended = once(child, 'close').then(([code, signal]): Ending => ({ code, signal }));
  return {
    pid,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    says: (pattern) => untilSaid(child, output, pattern),
    signalGroup: (signal) => process.kill(-pid, signal),
    signal: (signal) => process.kill(pid, signal),
    ended,
  };
}

/** Waits for the program to end by itself. */
export async function untilFinished(program: RunningProgram): Promise<FinishedProgram> {
  const ending = await program.ended;
  return { ...ending, stdout: program.stdout(), stderr: program.stderr() };
}

interface Output {
  stdout: string;
  stderr: string;
}

function gatherOutput(child: ChildProcess): Output {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return output;
}

function untilSaid(child: ChildProcess, output: Readonly<Output>, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((found, reject) => {
    const look = () => {
      const match = pattern.exec(output.stdout);
      if (!match) return;
      stopLooking();
      found(match);
    };
    const giveUp = () => {
      stopLooking();
      reject(new Error(`the program ended without saying ${pattern.source}:\n${output.stdout}${output.stderr}`));
    };
    const stopLooking = () => {
      child.stdout?.off('data', look);
      child.off('close', giveUp);
    };
    child.stdout?.on('data', look);
    child.on('close', giveUp);
    look();
  });
}
