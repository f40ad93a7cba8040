import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Question, Questions } from './answer-parent.ts';
import type { StartedParts, Stop } from './started-parts.ts';

/** A process of the benchmark that answers questions. */
export interface Part<Q extends Questions> {
  readonly pid: number;
  /** Rejects with the words of the process when it fails, and when it ends without an answer. */
  readonly ask: <K extends keyof Q & string>(name: K, ...given: Parameters<Q[K]>) => Promise<Awaited<ReturnType<Q[K]>>>;
  readonly stop: Stop;
}

export type PartName = 'broker' | 'copy' | 'insert-per-message' | 'no-op' | 'ours' | 'publisher' | 'relay';

/** As docker-compose.yml starts the ingester. The others run as Node comes. */
const NODE_OPTIONS: Partial<Record<PartName, readonly string[]>> = { ours: ['--max-semi-space-size=2'] };

/** How long a part may take to say goodbye. */
const PATIENCE_MS = 20_000;

/** Starts one of the files of `processes/`. */
export function startPart<Q extends Questions>(name: PartName, started: StartedParts): Part<Q> {
  const child = fork(fileURLToPath(new URL(`./processes/${name}.js`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...(NODE_OPTIONS[name] ?? [])],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  const ended = once(child, 'exit');
  const waiting = waitForAnswers(child, name);
  let asked = 0;
  return {
    pid,
    ask: (question, ...given) => {
      asked += 1;
      child.send({ id: asked, name: question, given } satisfies Question);
      return waiting.answerTo(asked);
    },
    stop: started.keep(async () => {
      if (child.connected) child.disconnect();
      const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(impatience);
    }),
  };
}

function waitForAnswers(child: ChildProcess, name: string) {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (reason: Error) => void }>();
  child.on('message', ({ id, answer, error }: Answer) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(answer as never);
    else asker?.reject(new Error(`${name}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    const end = new Error(`${name} ended before it answered (${signal ?? code ?? 'unknown'})`);
    for (const { reject } of waiting.values()) reject(end);
  });
  return {
    answerTo: <Value>(id: number) =>
      new Promise<Value>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
      }),
  };
}
