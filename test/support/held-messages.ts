import type { MessageTaker } from '../../src/ingest/broker/message-tap.ts';
import type { PublishedMessage } from '../../src/ingest/broker/publish-packet.ts';

/** A message as a test looks at it. */
export interface HeldMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly payloadBytes: number;
  readonly acknowledge: () => void;
}

/** A copy of what a message says, for the memory that it came in is used again. */
export function copyOf({ bytes, topicAt, topicEnd, payloadAt, payloadEnd, payloadBytes }: PublishedMessage) {
  const topic = bytes.toString('utf8', topicAt, topicEnd);
  return { topic, payload: Buffer.from(bytes.subarray(payloadAt, payloadEnd)), payloadBytes };
}

/** Hands each message to a test, and reads nothing more until the test calls `proceed`. */
export function takerOf(onMessage: (message: HeldMessage, proceed: () => void) => void): MessageTaker {
  let hasRoom = true;
  const waiting: (() => void)[] = [];
  return {
    take: (message, connection) => {
      let isProceeding = false;
      hasRoom = false;
      const acknowledge = () => connection.add(message.packetId);
      onMessage({ ...copyOf(message), acknowledge }, () => {
        if (isProceeding) return;
        isProceeding = true;
        hasRoom = true;
        for (const proceed of waiting.splice(0)) proceed();
      });
    },
    hasRoom: () => hasRoom,
    whenRoom: (proceed) => waiting.push(proceed),
  };
}
