import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerParent, preciseNow } from '../answer-parent.ts';
import { encodeMessages, type EncodedMessages } from '../encode-messages.ts';
import { connectPacket } from '../mqtt-packets.ts';
import type { Workload } from '../workload.ts';

export interface Published {
  /** When the first packet was handed to the socket, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** When the broker had taken the last message over. */
  readonly takenAtMs: number;
}

/** Fewer than there are packet ids, and enough to keep any broker busy. */
const WINDOW_MESSAGES = 4_000;
const PACKET_BYTES = 4;
/** So much is handed to the socket at once. */
const WRITE_MESSAGES = 500;

let socket: Socket | undefined;
let encoded: EncodedMessages | undefined;
/** CONNACK and PUBACK are the only packets that come, and each has four bytes: the bytes say how many came. */
let packetsIn = 0;
let onPackets = () => {};

/** Publishes messages that were encoded before, over a bare socket, with QoS 1 and a bounded number under way. */
const questions = {
  start: async (given: { port: number }): Promise<void> => {
    const connection = connect(given.port, '127.0.0.1').setNoDelay(true);
    socket = connection;
    await once(connection, 'connect');
    let bytesIn = 0;
    connection.on('data', (chunk) => {
      bytesIn += chunk.length;
      packetsIn = Math.floor(bytesIn / PACKET_BYTES);
      onPackets();
    });
    connection.write(connectPacket('bench-publisher'));
    await until(1);
  },
  prepare: (workload: Workload): void => {
    encoded = encodeMessages(workload);
  },
  /** Publishes what was prepared: as fast as the broker takes it, or so many messages a second. */
  publish: async (given: { messagesPerSecond?: number }): Promise<Published> => {
    if (!socket || !encoded) throw new Error('nothing is prepared');
    return publish(socket, encoded, given.messagesPerSecond);
  },
};

export type PublisherPart = typeof questions;

async function publish(to: Socket, { bytes, ends }: EncodedMessages, rate: number | undefined): Promise<Published> {
  const alreadyIn = packetsIn;
  const startedAtMs = preciseNow();
  let sent = 0;
  const due = () => (rate === undefined ? ends.length : ((preciseNow() - startedAtMs) * rate) / 1_000);
  const pump = () => {
    const until = Math.min(ends.length, packetsIn - alreadyIn + WINDOW_MESSAGES, Math.floor(due()));
    while (sent < until) {
      const upTo = Math.min(until, sent + WRITE_MESSAGES);
      to.write(bytes.subarray(ends[sent - 1] ?? 0, ends[upTo - 1]));
      sent = upTo;
    }
  };
  const pacing = rate === undefined ? undefined : setInterval(pump, 1);
  const taken = until(alreadyIn + ends.length, pump);
  pump();
  await taken;
  clearInterval(pacing);
  return { startedAtMs, takenAtMs: preciseNow() };
}

/** Resolves when so many packets have come; `each` is called whenever some have. */
function until(packets: number, each: () => void = () => {}): Promise<void> {
  return new Promise((resolve) => {
    onPackets = () => {
      each();
      if (packetsIn >= packets) resolve();
    };
  });
}

answerParent(questions);
