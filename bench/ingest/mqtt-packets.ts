import type { MessageText } from './message-text.ts';

const CONNECT = 0x10;
const PUBLISH_QOS_1 = 0x32;
const PROTOCOL_3_1_1 = 4;
const CLEAN_SESSION = 0x02;
const LARGEST_PACKET_ID = 65_535;
/** The fixed header, the length of the topic and the packet id. */
const MOST_BYTES_BESIDE_TEXT = 5 + 2 + 2;

/** The CONNECT packet of a sender without a session, by MQTT 3.1.1. No pings are asked for. */
export function connectPacket(clientId: string): Buffer {
  const id = Buffer.from(clientId);
  const body = Buffer.from([0, 4, ...Buffer.from('MQTT'), PROTOCOL_3_1_1, CLEAN_SESSION, 0, 0, 0, id.length, ...id]);
  return Buffer.concat([Buffer.from([CONNECT, ...remainingLength(body.length)]), body]);
}

/** The most bytes that the PUBLISH packet of this message can take. */
export function mostBytes({ topic, payload }: MessageText): number {
  return MOST_BYTES_BESIDE_TEXT + topic.length + payload.length;
}

/**
 * Writes a PUBLISH packet of QoS 1 into `target` and returns where it ends. The packet ids go round from 1 to 65,535, so
 * fewer than that may be under way.
 */
export function writePublish(target: Buffer, start: number, place: number, { topic, payload }: MessageText): number {
  let at = target.writeUInt8(PUBLISH_QOS_1, start);
  for (const byte of remainingLength(4 + topic.length + payload.length)) at = target.writeUInt8(byte, at);
  at = target.writeUInt16BE(topic.length, at);
  at += target.write(topic, at, 'latin1');
  at = target.writeUInt16BE((place % LARGEST_PACKET_ID) + 1, at);
  return at + target.write(payload, at, 'latin1');
}

/** Seven bits a byte, the least first; the eighth says that another byte follows. */
function remainingLength(bytes: number): number[] {
  const rest = Math.floor(bytes / 128);
  return rest === 0 ? [bytes] : [(bytes % 128) + 128, ...remainingLength(rest)];
}
