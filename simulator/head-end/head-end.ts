import { connectAsync, type MqttClient } from 'mqtt';
import type { MeterMessage } from '../town/message-stream.ts';
import { publishUntilAcknowledged } from './publish-until-acknowledged.ts';

export interface HeadEndOptions {
  /** mqtt:// or mqtts:// */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** At most so many messages are under way at once; 500 when left out. */
  readonly inFlight?: number;
}

export interface HeadEndCounts {
  /** Messages that the broker has taken over. */
  readonly acknowledged: number;
  /** Connections lost and made again. */
  readonly reconnects: number;
}

/** Where a utility gathers what its meters send, and passes it on to a broker. */
export interface HeadEnd {
  /** Resolves when the broker has acknowledged every one of the messages, however often the connection broke. */
  readonly publish: (messages: Iterable<MeterMessage>) => Promise<void>;
  readonly counts: () => HeadEndCounts;
  /** Disconnects. Messages still under way are given up, and their `publish` is rejected. */
  readonly close: () => Promise<void>;
}

const RECONNECT_AFTER_MS = 250;

/**
 * Connects to a broker; from then on it keeps the connection up until closed.
 *
 * Messages are sent at QoS 1 in the order given. A broken connection can make a broker see one of them twice, as it
 * does with real head-ends. Rejects when the first connection fails.
 */
export async function createHeadEnd(options: HeadEndOptions): Promise<HeadEnd> {
  const { url, inFlight = 500, ...identity } = options;
  const client = await connectAsync(
    url,
    { ...identity, protocolVersion: 4, reconnectPeriod: RECONNECT_AFTER_MS },
    false,
  );
  const counts = { acknowledged: 0, reconnects: 0 };
  client.on('reconnect', () => (counts.reconnects += 1));
  // A refused reconnection is tried again; without a listener it would end the process.
  client.on('error', () => undefined);

  // The client forgets what is under way when it is ended; whoever waits for it must hear so.
  const closing = new Promise<never>((_, reject) => {
    client.once('end', () => reject(new Error('the head-end was closed with messages under way')));
  });
  closing.catch(() => undefined);

  return {
    publish: (messages) =>
      Promise.race([closing, publishAll(client, messages, inFlight, () => (counts.acknowledged += 1))]),
    counts: () => ({ ...counts }),
    close: async () => {
      await client.endAsync(true);
    },
  };
}

/** Workers share one row of messages: each takes the next as soon as its last one is acknowledged. */
async function publishAll(
  client: MqttClient,
  messages: Iterable<MeterMessage>,
  inFlight: number,
  onAcknowledged: () => void,
): Promise<void> {
  const row = messages[Symbol.iterator]();
  const work = async () => {
    for (let next = row.next(); !next.done; next = row.next()) {
      await publishUntilAcknowledged(client, next.value);
      onAcknowledged();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
}
