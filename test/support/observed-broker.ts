import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes, type PublishPacket } from 'aedes';
import type { TestBroker } from './broker.ts';

/** A broker that shows what its clients acknowledge, and whose connections can be cut. */
export interface ObservedBroker extends TestBroker {
  /** The payload of each message that was acknowledged, in that order; "?" for one that was not under way. */
  readonly acknowledged: readonly string[];
  readonly cutConnections: () => void;
}

export async function startObservedBroker(): Promise<ObservedBroker> {
  const aedes = await Aedes.createBroker();
  const acknowledged: string[] = [];
  aedes.on('ack', (packet) => {
    // Its types leave out that there may be no packet.
    const { payload } = (packet as PublishPacket | undefined) ?? {};
    acknowledged.push(payload === undefined ? '?' : String(payload));
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    acknowledged,
    cutConnections,
    stop: async () => {
      server.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
      cutConnections();
    },
  };
}
