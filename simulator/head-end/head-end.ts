import { randomUUID } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { noJournal, openJournal } from './journal.ts';
import { type KeptMessages, keepMessages, type OutgoingMessage } from './kept-messages.ts';
import { growingPatience } from './growing-patience.ts';
import { sendOver } from './send-over.ts';
import { serviceNews } from './service-news.ts';
import { signal } from './signal.ts';

export interface HeadEndOptions {
  /** mqtt:// or mqtts:// */
  readonly url: string;
  /** The head-end's name: the one in its topics, and its user name where the broker asks for one. */
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** At most so many messages are kept, waiting to be acknowledged by the service; 1,000 when left out. */
  readonly inFlight?: number;
  /** A file in which they are kept as well, so that a head-end that was killed goes on where it was. */
  readonly journal?: string;
  /** Without an acknowledgement for so long, it asks for one; longer each time. 2 seconds when left out. */
  readonly patienceMs?: number;
}

export interface HeadEndCounts {
  /** Messages that the service has stored. */
  readonly acknowledged: number;
  /** Messages that were sent once more, because of a lost connection, a request or a long silence. */
  readonly resent: number;
  /** Connections lost and made again. */
  readonly reconnects: number;
}

/** Where a utility gathers what its meters send, and passes it on to a broker. */
export interface HeadEnd {
  /** Resolves when the service has stored every one of the messages, whatever broke meanwhile. */
  readonly publish: (messages: Iterable<OutgoingMessage>) => Promise<void>;
  readonly counts: () => HeadEndCounts;
  /** Disconnects. Messages still kept are given up, but for a journal, and their `publish` is rejected. */
  readonly close: () => Promise<void>;
}

const RECONNECT_AFTER_MS = 250;
const KEEPALIVE_S = 15;

/**
 * Connects to a broker; from then on it keeps the connection up until closed.
 *
 * It numbers the messages of all its meters in one row and keeps each until the service says that it is stored
 * (`ack/<name>`). It sends again what the service asks for (`resend/<name>`), and after a lost connection all that it
 * keeps. When nothing is heard for long it sends the newest message again: if that was stored the service repeats the
 * acknowledgement, and if others were lost it now sees which. Rejects when the first connection fails.
 */
export async function createHeadEnd(options: HeadEndOptions): Promise<HeadEnd> {
  const { url, clientId, username, password, inFlight = 1_000, patienceMs = 2_000 } = options;
  const identity = {
    clientId,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
  const journal = options.journal === undefined ? noJournal(randomUUID()) : openJournal(options.journal, randomUUID());
  const { stream } = journal;
  const kept = keepMessages(journal.oldest, journal.kept);
  const counts = { acknowledged: 0, reconnects: 0 };
  const client = await connectAsync(
    url,
    { ...identity, protocolVersion: 4, reconnectPeriod: RECONNECT_AFTER_MS, keepalive: KEEPALIVE_S },
    false,
  );
  const changed = signal();

  const { send, resend, resent } = sendOver(client, kept, { sender: clientId, stream });
  // A refused reconnection is tried again; without a listener it would end the process.
  client.on('error', () => undefined);
  await listen(client, clientId);
  const patience = growingPatience(patienceMs, () => {
    const newest = kept.newest();
    if (newest && client.connected) resend([newest]);
  });
  client.on('message', (topic, payload) => {
    const news = serviceNews(topic, payload, stream);
    if (news?.type === 'stored' && news.seq >= kept.oldest()) {
      counts.acknowledged += kept.forget(news.seq);
      journal.forget(kept.oldest(), kept.count());
      patience.renew();
      changed.raise();
    }
    if (news?.type === 'missing') {
      resend(kept.between(news.first, news.last));
      patience.renew();
    }
  });
  client.on('connect', () => resend(kept.between(kept.oldest(), kept.next())));
  client.on('reconnect', () => (counts.reconnects += 1));
  const closing = closingOf(client);
  resend(kept.between(kept.oldest(), kept.next()));

  const keepAndSend = (message: OutgoingMessage) => {
    const given = kept.keep(message);
    journal.keep(given);
    send(given);
  };
  return {
    publish: (messages) =>
      Promise.race([closing, publishAll(messages, keepAndSend, { kept, inFlight, changed: changed.raised })]),
    counts: () => ({ ...counts, resent: resent() }),
    close: async () => {
      if (client.disconnecting) return;
      patience.end();
      await client.endAsync(true);
      journal.close();
    },
  };
}

/** Listens to what the service has to say. A head-end that may not is of no use, and is ended. */
async function listen(client: MqttClient, name: string): Promise<void> {
  try {
    await client.subscribeAsync([`ack/${name}`, `resend/${name}`], { qos: 0 });
  } catch (error) {
    await client.endAsync(true);
    throw error;
  }
}

/** Rejects when the client is ended: it forgets what is under way, and whoever waits for it must hear so. */
function closingOf(client: MqttClient): Promise<never> {
  const closing = new Promise<never>((_, reject) => {
    client.once('end', () => reject(new Error('the head-end was closed with messages under way')));
  });
  closing.catch(() => undefined);
  return closing;
}

/** Takes the messages one by one while there is room for them, and waits until none of them is kept any more. */
async function publishAll(
  messages: Iterable<OutgoingMessage>,
  keepAndSend: (message: OutgoingMessage) => void,
  { kept, inFlight, changed }: { kept: KeptMessages; inFlight: number; changed: () => Promise<void> },
): Promise<void> {
  for (const message of messages) {
    while (kept.count() >= inFlight) await changed();
    keepAndSend(message);
  }
  const end = kept.next();
  while (kept.oldest() < end) await changed();
}
