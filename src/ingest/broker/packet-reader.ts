import { MqttProtocolError } from './protocol-error.ts';
import { isPublish, type MqttVersion, type PacketPlace, type PublishedMessage, readPublish } from './publish-packet.ts';
import { type UnfinishedPacket, unfinishedPacket } from './unfinished-packet.ts';
import { integerAt, integerBytesAt } from './variable-integer.ts';

/** The next packet: a message, or the bytes of any other packet, whole. */
export type IncomingPacket = PublishedMessage | Buffer;

/** Cuts what comes over a connection into the packets of MQTT 3.1.1 or 5. */
export interface PacketReader {
  /**
   * Bytes as they came. They may be used for other ones as soon as `next` has found no whole packet in them: what is not
   * whole has been copied by then.
   */
  readonly add: (bytes: Buffer) => void;
  /**
   * The next whole packet; undefined when more bytes are needed.
   *
   * @throws MqttProtocolError when the bytes are not MQTT, or of a kind that we did not ask for.
   */
  readonly next: () => IncomingPacket | undefined;
}

export interface PacketReaderOptions {
  readonly version: MqttVersion;
  /** No more of one packet is ever held. */
  readonly keptBytes: number;
}

/**
 * Reads MQTT as the OASIS standards lay it down (3.1.1 and 5.0, sections 2 and 3.3), and of it only as much as is needed
 * to tell messages from the rest: a general parser takes several times as long for a message.
 */
export function createPacketReader({ version, keptBytes }: PacketReaderOptions): PacketReader {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  let unfinished: UnfinishedPacket | undefined;

  function add(more: Buffer): void {
    const rest = at === bytes.length ? more : Buffer.concat([bytes.subarray(at), more]);
    bytes = rest;
    at = unfinished?.add(rest) ?? 0;
  }

  function next(): IncomingPacket | undefined {
    if (unfinished) return nextOf(unfinished);
    const lengthBytes = integerBytesAt(bytes, at + 1);
    if (lengthBytes === undefined) {
      // A few bytes at most.
      bytes = Buffer.from(bytes.subarray(at));
      at = 0;
      return undefined;
    }
    const from = at;
    const bodyAt = from + 1 + lengthBytes;
    const end = bodyAt + integerAt(bytes, from + 1, lengthBytes);
    at = Math.min(end, bytes.length);
    if (end <= bytes.length) return packetAt({ bytes, from, bodyAt, end, droppedBytes: 0 }, version);
    unfinished = unfinishedPacket(end - from, keptBytes);
    unfinished.add(bytes.subarray(from));
    return undefined;
  }

  function nextOf(packet: UnfinishedPacket): IncomingPacket | undefined {
    if (!packet.isWhole()) return undefined;
    unfinished = undefined;
    const kept = packet.kept();
    const bodyAt = 1 + (integerBytesAt(kept, 1) ?? 0);
    const place = { bytes: kept, from: 0, bodyAt, end: kept.length, droppedBytes: packet.droppedBytes() };
    return packetAt(place, version);
  }

  return { add, next };
}

function packetAt(place: PacketPlace, version: MqttVersion): IncomingPacket {
  if (isPublish(place)) return readPublish(place, version);
  if (place.droppedBytes > 0)
    throw new MqttProtocolError('the broker sent a packet larger than any that is no message');
  return place.bytes.subarray(place.from, place.end);
}
