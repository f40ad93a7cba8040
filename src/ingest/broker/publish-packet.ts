import { MqttProtocolError } from './protocol-error.ts';
import { integerAt, integerBytesAt } from './variable-integer.ts';

/** A message as it stands in a PUBLISH packet: where in the bytes that came, which are good until more are read. */
export interface PublishedMessage {
  readonly bytes: Buffer;
  readonly topicAt: number;
  readonly topicEnd: number;
  readonly payloadAt: number;
  /** Behind what there is of the payload: of one that is larger than what is kept, its beginning. */
  readonly payloadEnd: number;
  /** The length of the whole payload. */
  readonly payloadBytes: number;
  /** What to acknowledge it by; 0, which none has, for one that nobody waits for. */
  readonly packetId: number;
}

export type MqttVersion = 4 | 5;

/** Where a packet lies in the bytes that came. */
export interface PacketPlace {
  readonly bytes: Buffer;
  readonly from: number;
  /** Behind the length of the packet. */
  readonly bodyAt: number;
  readonly end: number;
  /** How much of it was let go, behind its end. */
  readonly droppedBytes: number;
}

const PUBLISH = 3;

/** Whether the packet that begins here carries a message. */
export function isPublish({ bytes, from }: PacketPlace): boolean {
  return (bytes[from] ?? 0) >>> 4 === PUBLISH;
}

/**
 * Reads a PUBLISH packet (MQTT 3.1.1 and 5.0, section 3.3). The properties of MQTT 5 are passed over: none of them
 * changes what a message says, since we allow the broker no topic aliases.
 *
 * @throws MqttProtocolError when it is cut off, or of a quality of service that we did not ask for.
 */
export function readPublish(
  { bytes, from, bodyAt, end, droppedBytes }: PacketPlace,
  version: MqttVersion,
): PublishedMessage {
  const qos = ((bytes[from] ?? 0) >>> 1) & 3;
  if (qos > 1) throw new MqttProtocolError(`the broker sent a message of QoS ${qos}, and was asked for 1`);
  const topicAt = bodyAt + 2;
  const topicEnd = topicAt + uint16(bytes, bodyAt, end);
  const idEnd = topicEnd + 2 * qos;
  const payloadAt = version === 5 ? afterProperties(bytes, idEnd, end) : idEnd;
  if (payloadAt > end) throw new MqttProtocolError('the broker sent a message that ends before its payload');
  const packetId = qos === 0 ? 0 : uint16(bytes, topicEnd, end);
  const payloadBytes = end - payloadAt + droppedBytes;
  return { bytes, topicAt, topicEnd, payloadAt, payloadEnd: end, payloadBytes, packetId };
}

/** The first byte behind the properties of an MQTT 5 packet; behind its end where they are cut off. */
function afterProperties(bytes: Buffer, at: number, end: number): number {
  const lengthBytes = at < end ? integerBytesAt(bytes, at) : undefined;
  if (lengthBytes === undefined) return end + 1;
  return at + lengthBytes + integerAt(bytes, at, lengthBytes);
}

function uint16(bytes: Buffer, at: number, end: number): number {
  if (at + 2 > end) throw new MqttProtocolError('the broker sent a message that is cut off');
  return bytes.readUInt16BE(at);
}
