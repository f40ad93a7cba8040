import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The service as an operator runs it, in the role of the ingester, in a process of its own. */
export interface IngestProcess {
  /** Resolves when it listens to meters; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly kill: () => void;
  /** Resolves when the process has ended, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

export interface IngestProcessOptions {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  /** The crash point at whose first pass the process kills itself. */
  readonly crashPoint?: string;
}

const PROGRAM = 'dist/src/main/cli.js';

/** Starts the built program. */
export function startIngestProcess(options: IngestProcessOptions): IngestProcess {
  const { databaseUrl, mqttUrl, crashPoint } = options;
  const armed = crashPoint === undefined ? {} : { CRASH_AT: `${crashPoint}:1` };
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--role', 'ingest'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      MQTT_URL: mqttUrl,
      HTTP_PORT: '0',
      LOG_LEVEL: 'silent',
      ...armed,
    },
  });
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  const ready = untilReady(child);
  // One that is to die early is not waited for.
  ready.catch(() => undefined);
  return { ready, kill: () => child.kill('SIGKILL'), ended };
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
