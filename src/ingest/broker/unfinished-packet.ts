/** A packet of which not everything is here. */
export interface UnfinishedPacket {
  /** Copies what belongs to it, and returns how many bytes that was; the rest belongs to the packets after it. */
  readonly add: (bytes: Buffer) => number;
  readonly isWhole: () => boolean;
  /** What is kept of it, once it is whole. */
  readonly kept: () => Buffer;
  /** What came and was let go, beyond what is kept. */
  readonly droppedBytes: () => number;
}

/** Puts a packet of so many bytes together. No more than `keptBytes` of it are held at any time. */
export function unfinishedPacket(packetBytes: number, keptBytes: number): UnfinishedPacket {
  const kept = Buffer.allocUnsafe(Math.min(packetBytes, keptBytes));
  let heldBytes = 0;
  let droppedBytes = 0;
  return {
    add: (bytes) => {
      const ownBytes = Math.min(bytes.length, packetBytes - heldBytes - droppedBytes);
      const copied = bytes.copy(kept, heldBytes, 0, ownBytes);
      heldBytes += copied;
      droppedBytes += ownBytes - copied;
      return ownBytes;
    },
    isWhole: () => heldBytes + droppedBytes === packetBytes,
    kept: () => kept,
    droppedBytes: () => droppedBytes,
  };
}
