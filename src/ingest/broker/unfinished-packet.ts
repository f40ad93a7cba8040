/** A packet of which not everything is here. */
export interface UnfinishedPacket {
  /** Takes what belongs to it, and returns how many bytes that was; the rest belongs to the packets after it. */
  readonly add: (bytes: Buffer) => number;
  readonly isWhole: () => boolean;
  /** What was kept of it, in one piece. */
  readonly kept: () => Buffer;
  /** What came and was let go, beyond what is kept. */
  readonly droppedBytes: () => number;
}

/** Puts a packet of so many bytes together. No more than `keptBytes` of it are held at any time. */
export function unfinishedPacket(packetBytes: number, keptBytes: number): UnfinishedPacket {
  const parts: Buffer[] = [];
  let heldBytes = 0;
  let droppedBytes = 0;
  return {
    add: (bytes) => {
      const own = bytes.subarray(0, packetBytes - heldBytes - droppedBytes);
      const held = own.subarray(0, keptBytes - heldBytes);
      if (held.length > 0) parts.push(held);
      heldBytes += held.length;
      droppedBytes += own.length - held.length;
      return own.length;
    },
    isWhole: () => heldBytes + droppedBytes === packetBytes,
    kept: () => Buffer.concat(parts, heldBytes),
    droppedBytes: () => droppedBytes,
  };
}
