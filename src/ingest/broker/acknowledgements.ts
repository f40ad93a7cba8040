import type { MqttClient } from 'mqtt';

type Connection = MqttClient['stream'];

export interface Acknowledgements {
  /**
   * What tells the broker that it need not send this message of this connection again. It keeps nothing else of the
   * message alive. Without a packet id, which is a message that nobody has to acknowledge, it does nothing.
   */
  readonly of: (connection: Connection, packetId: number | undefined) => () => void;
}

/** Without a reason code, which stands for success, the packet is the same in MQTT 3.1.1 and 5. */
const PUBACK = [0x40, 0x02] as const;
const PUBACK_BYTES = 4;

/**
 * Writes the PUBACKs of one turn of the event loop in one piece: a commit frees a thousand messages at a time, and a
 * write for each of them would take as long as reading them.
 *
 * One that belongs to a connection which is gone is dropped: its packet id may stand for another message by now.
 */
export function createAcknowledgements(client: MqttClient): Acknowledgements {
  let packetIds: number[] = [];
  let connection: Connection | undefined;

  function flush(): void {
    if (client.connected && client.stream === connection) connection.write(pubacks(packetIds));
    packetIds = [];
    connection = undefined;
  }

  function add(over: Connection, packetId: number): void {
    if (!client.connected || client.stream !== over) return;
    if (connection !== over) {
      packetIds = [];
      if (connection === undefined) process.nextTick(flush);
      connection = over;
    }
    packetIds.push(packetId);
  }

  return {
    of: (over, packetId) => () => {
      if (packetId !== undefined) add(over, packetId);
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
