import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { AppError, messageOf } from '../../core/errors.ts';

export interface EmbeddedBroker {
  /** mqtt:// on the loopback interface. */
  readonly url: string;
  readonly port: number;
  /** Disconnects everybody. What the broker kept for clients that were away is gone. */
  readonly stop: () => Promise<void>;
}

export interface EmbeddedBrokerOptions {
  /** 0, or left out, is a free one. */
  readonly port?: number;
  readonly host?: string;
}

const MAX_CONNECTIONS = 1_000;
/** Far above what a meter sends. A sender of more is cut off. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/**
 * Starts a broker in this process, for trying things out: it asks nobody for a password, so it listens on the loopback
 * interface only.
 *
 * It speaks MQTT 3.1.1. Messages for clients that are away are kept in memory: they survive a restart of the client,
 * and not one of this process. Whoever must not lose them sets MQTT_URL to a broker that writes to a disk.
 *
 * @throws AppError `config_invalid` when the port is taken.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
  const { port: wanted = 0, host = '127.0.0.1' } = options;
  const aedes = await Aedes.createBroker({
    authorizePublish: (_client, { payload }, done) =>
      done(payload.length > MAX_PAYLOAD_BYTES ? new Error('a message of more than 4 MiB') : null),
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(wanted, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    aedes.close();
    throw new AppError('config_invalid', `EMBEDDED_MQTT_PORT: ${messageOf(cause)}`, { cause });
  }

  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : wanted;
  const stop = async () => {
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
    for (const socket of sockets) socket.destroy();
  };
  return { url: `mqtt://${host}:${port}`, port, stop };
}
