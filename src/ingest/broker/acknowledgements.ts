import type { Writable } from 'node:stream';

export interface Acknowledgements {
  /** Tells the broker that it need not send this message of this connection again. */
  readonly add: (packetId: number) => void;
}

/** Without a reason code, which stands for success, the packet is the same in MQTT 3.1.1 and 5. */
const PUBACK = [0x40, 0x02] as const;
const PUBACK_BYTES = 4;

/**
 * Writes the PUBACKs of one turn of the event loop in one piece: a commit frees a thousand messages at a time, and a
 * write for each of them would take as long as reading them. Those of a connection that is gone are dropped: the broker
 * sends their messages again.
 */
export function createAcknowledgements(connection: Writable): Acknowledgements {
  let packetIds: number[] = [];

  function flush(): void {
    if (connection.writable) connection.write(pubacks(packetIds));
    packetIds = [];
  }

  return {
    add: (packetId) => {
      if (packetIds.length === 0) process.nextTick(flush);
      packetIds.push(packetId);
    },
  };
}

function pubacks(packetIds: readonly number[]): Buffer {
  const packets = Buffer.allocUnsafe(packetIds.length * PUBACK_BYTES);
  packetIds.forEach((packetId, i) => {
    packets.set(PUBACK, i * PUBACK_BYTES);
    packets.writeUInt16BE(packetId, i * PUBACK_BYTES + PUBACK.length);
  });
  return packets;
}
