import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';

/** A text as the telephone network got it. */
export interface NetworkText {
  readonly to: string;
  readonly intent: string;
  readonly at: Date;
}

interface SendRequest {
  readonly from: string;
  readonly to: string;
  readonly intent: string;
  readonly deliveryId: number;
}

export interface TelephoneNetwork {
  readonly url: string;
  readonly texts: readonly NetworkText[];
  /** The time by which texts are noted. */
  setTime(at: Date): void;
  /** Called with every text once it is taken, before its sender hears of it. */
  onText(listener: (from: string) => Promise<void> | void): void;
  close(): Promise<unknown>;
}

/** A telephone network that takes every text, remembers it, and can be asked for it. */
export async function startNetwork(): Promise<TelephoneNetwork> {
  const taken: (NetworkText & { reference: string })[] = [];
  let at = new Date(0);
  let listener: (from: string) => Promise<void> | void = () => undefined;
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const body = JSON.parse(await text(request)) as SendRequest & { since: string };
    if (request.url === '/lookup') {
      return taken
        .filter(({ to, at: when }) => to === body.to && when >= new Date(body.since))
        .map((each) => each.reference);
    }
    const reference = `ref-${body.deliveryId}`;
    taken.push({ to: body.to, intent: body.intent, at, reference });
    await listener(body.from);
    return { reference };
  };
  const server = createServer((request, response) => {
    void answer(request).then((found) => response.end(JSON.stringify(found)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts: taken,
    setTime: (now) => (at = now),
    onText: (heard) => (listener = heard),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

export interface Duties {
  /** Whether it judges the homes too. */
  readonly judges?: boolean;
  /** Whether it escalates and sends; left out, it does. */
  readonly sends?: boolean;
  /** The crash point at which it freezes in this tick. */
  readonly freezeAt?: string;
}

export interface Replica {
  readonly name: string;
  /** Tells it what time it is, and resolves when it has done all that is due.  */
  readonly tick: (at: Date, duties?: Duties) => Promise<void>;
  /** Resolves once the process has been stopped and does nothing any more. */
  readonly isFrozen: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly stop: () => Promise<unknown>;
}

const PROGRAM = fileURLToPath(new URL('./replica.js', import.meta.url));

/** What Linux says of a process behind its name: T is stopped. */
function isStopped(pid: number | undefined): boolean {
  return / T /.test(
    readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
      .split(')')
      .at(-1) ?? '',
  );
}

/** Starts a replica of the service in a process of its own, from the built program. */
export async function startReplica(name: string, databaseUrl: string, networkUrl: string): Promise<Replica> {
  const child: ChildProcess = fork(PROGRAM, {
    env: {
      ...process.env,
      REPLICA_DATABASE_URL: databaseUrl,
      REPLICA_NETWORK_URL: networkUrl,
      REPLICA_NAME: name,
    },
  });
  const ended = once(child, 'exit');
  await once(child, 'message');
  return {
    name,
    tick: async (at, duties = {}) => {
      const done = once(child, 'message') as Promise<[{ failed?: string }]>;
      child.send({ tick: at.toISOString(), ...duties });
      const [{ failed }] = await done;
      if (failed !== undefined) throw new Error(`replica ${name}: ${failed}`);
    },
    isFrozen: async () => {
      while (!isStopped(child.pid)) await setTimeout(20);
    },
    signal: (signal) => child.kill(signal),
    stop: async () => {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
