import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, slowed down, blocked without a word, and mended. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  readonly cut: () => void;
  /** From now on nothing gets through, and nobody is told: connections stay open, and new ones are taken. */
  readonly swallow: () => void;
  /** Every piece that the client sends from now on arrives so much later. */
  readonly delayBy: (ms: number) => void;
  /** Ends `cut`, `swallow` and `delayBy`. A connection from which something was swallowed stays useless. */
  readonly mend: () => void;
  readonly stop: () => void;
}

export interface TcpProxyOptions {
  /** Sees what each client sends; called once for each connection. */
  readonly tap?: () => (chunk: Buffer) => void;
}

export async function startTcpProxy(
  target: { host: string; port: number },
  { tap }: TcpProxyOptions = {},
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const way = { isCut: false, isSwallowing: false, delayMs: 0 };
  /** Connections on which nothing will ever arrive again. */
  const dead = new WeakSet<Socket>();
  const server = createServer((near) => {
    if (way.isCut) {
      near.destroy();
      return;
    }
    const far = connect(target);
    for (const socket of [near, far]) {
      sockets.add(socket);
      if (way.isSwallowing) dead.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    const seen = tap?.();
    if (seen) near.on('data', seen);
    passOn(near, far, () => way.delayMs);
    passOn(far, near, () => 0);
  }).listen(0, '127.0.0.1');

  /** Later pieces wait for earlier ones: the same delay for each, and timers of one delay keep their order. */
  function passOn(from: Socket, to: Socket, delayMs: () => number): void {
    const later = (work: () => void) => {
      if (dead.has(from)) return;
      if (delayMs() > 0) setTimeout(work, delayMs());
      else work();
    };
    from.on('data', (chunk) =>
      later(() => {
        if (!to.writable || to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
      }),
    );
    from.on('end', () => later(() => to.end()));
    from.on('close', () => later(() => to.destroy()));
  }

  await once(server, 'listening');
  const cut = () => {
    way.isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    swallow: () => {
      way.isSwallowing = true;
      for (const socket of sockets) dead.add(socket);
    },
    delayBy: (ms) => (way.delayMs = ms),
    mend: () => Object.assign(way, { isCut: false, isSwallowing: false, delayMs: 0 }),
    stop: () => {
      cut();
      server.close();
    },
  };
}
