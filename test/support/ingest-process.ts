import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';
import { useBuiltProgram } from './program.ts';

/** The service as an operator runs it, in the role of the ingester, in a process of its own. */
export interface IngestProcess {
  /** Resolves when it listens to meters; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly kill: () => void;
  /** Asks it to end, as a supervisor does, and resolves with its exit code. */
  readonly stop: () => Promise<number | null>;
  /** Resolves when the process has ended, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** The memory it holds at this moment, in bytes. */
  readonly memory: () => number;
  /** What it wrote to standard error; its log lines are not there. */
  readonly complaints: () => string;
  /** What `work` comes to; rejects as soon as the process ends before. */
  readonly alive: <T>(work: Promise<T>) => Promise<T>;
}

export interface IngestProcessOptions {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  /** The crash point at which the process kills itself, at the pass named: `ingest.after_commit:3`. */
  readonly crashAt?: string;
}

const PROGRAM = 'dist/src/main/cli.js';

/** Starts ingesters from the built program; those that still run at the end of a test are killed. */
export function useIngestProcesses(): (options: IngestProcessOptions) => IngestProcess {
  useBuiltProgram();
  const started: IngestProcess[] = [];
  afterEach(async () => {
    for (const ingester of started.splice(0)) {
      ingester.kill();
      await ingester.ended;
    }
  });
  return (options) => {
    const ingester = startIngestProcess(options);
    started.push(ingester);
    return ingester;
  };
}

function startIngestProcess({ databaseUrl, mqttUrl, crashAt }: IngestProcessOptions): IngestProcess {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--role', 'ingest'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      MQTT_URL: mqttUrl,
      HTTP_PORT: '0',
      LOG_LEVEL: 'silent',
      ...(crashAt !== undefined && { CRASH_AT: crashAt }),
    },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  const early = ended.then((signal) => Promise.reject(new Error(`the ingester ended (${signal ?? 0}): ${complaints}`)));
  early.catch(() => undefined);
  const ready = untilReady(child);
  // One that is to die early is not waited for.
  ready.catch(() => undefined);
  return {
    ready,
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    ended,
    memory: () => residentBytes(child.pid!),
    complaints: () => complaints,
    alive: (work) => Promise.race([work, early]),
  };
}

async function untilReady({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('the process has no output to read');
  for await (const line of createInterface({ input: stdout })) {
    if (line.startsWith('stillwater is running')) {
      stdout.resume();
      return;
    }
  }
  throw new Error('the ingester ended before it was ready');
}

/** What Linux counts as the process's own memory. */
function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}
