import { startTcpProxy } from './tcp-proxy.ts';

/** A way to a broker on which one can count what a client acknowledges. */
export interface MqttTap {
  readonly url: string;
  /** PUBACK packets that went to the broker so far. */
  readonly acknowledged: () => number;
  readonly stop: () => void;
}

const PUBACK = 4;

/** Puts itself before the broker of this URL. */
export async function tapBroker(brokerUrl: string): Promise<MqttTap> {
  const { hostname, port } = new URL(brokerUrl);
  let acknowledged = 0;
  const proxy = await startTcpProxy(
    { host: hostname, port: Number(port) },
    { tap: () => packetTypes((type) => (acknowledged += type === PUBACK ? 1 : 0)) },
  );
  return { url: `mqtt://127.0.0.1:${proxy.port}`, acknowledged: () => acknowledged, stop: proxy.stop };
}

/** Follows the packets in a stream of MQTT: a byte with the type, the length in 7-bit groups, and so many bytes. */
function packetTypes(onPacket: (type: number) => void): (chunk: Buffer) => void {
  let type = 0;
  let length = 0;
  let shift = -1;
  let left = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (left > 0) {
        const skipped = Math.min(left, chunk.length - at);
        left -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at]!;
      at += 1;
      if (shift < 0) {
        [type, length, shift] = [byte >> 4, 0, 0];
        continue;
      }
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte >= 0x80) continue;
      onPacket(type);
      [left, shift] = [length, -1];
    }
  };
}
