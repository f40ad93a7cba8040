import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { noteBrokerDrops } from '../../db/broker-drops.ts';
import type { DbPool } from '../../db/sql.ts';
import type { PublishedMessage } from './publish-packet.ts';

/** Where Mosquitto says how many messages it has dropped since it started. */
const OF_MOSQUITTO = '$SYS/broker/publish/messages/dropped';
/** Where each node of EMQX says how many messages of QoS 1 and 2 it has dropped because a queue was full. */
const OF_EMQX = /^\$SYS\/brokers\/([^/]+)\/metrics\/delivery\/dropped\/queue_full$/;
/** What to subscribe to, to hear both. */
export const DROPPED_TOPICS = [OF_MOSQUITTO, '$SYS/brokers/+/metrics/delivery/dropped/queue_full'] as const;

export interface DropWatchDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** Which session of the broker heard it. */
  readonly clientId: string;
}

export interface DropWatch {
  /** True for what the broker says of itself: that is no message of a meter. */
  readonly hear: (message: PublishedMessage) => boolean;
  /** Waits for the note under way. */
  readonly stop: () => Promise<void>;
}

const DOLLAR = 0x24;
const COUNT = /^\d{1,15}$/;
const LONGEST_COUNT = 15;
const AFTER_FAILURE_MS = 5_000;

/** Notes how many messages the broker dropped, and raises its voice in the log whenever there are more. */
export function watchDrops({ pool, clock, log, clientId }: DropWatchDeps): DropWatch {
  const stopping = new AbortController();
  /** What was heard last and is not noted yet, by whose counter it is. */
  const heard = new Map<string, number>();
  let noting: Promise<void> | undefined;

  async function note(whose: string, counter: number): Promise<void> {
    const at = clock.now();
    const { dropped, roseAt } = (await noteBrokerDrops(pool, whose, counter, at)) ?? {};
    const hasRisen = roseAt?.getTime() === at.getTime();
    if (hasRisen) log.error({ dropped }, 'the broker dropped messages: a queue was full');
  }

  /** The database may be away just when queues are full; the broker says a number only once. */
  async function noteAll(): Promise<void> {
    for (let [next] = heard; next && !stopping.signal.aborted; [next] = heard) {
      const [whose, counter] = next;
      heard.delete(whose);
      try {
        await note(whose, counter);
      } catch (error) {
        if (!heard.has(whose)) heard.set(whose, counter);
        log.warn({ reason: messageOf(error) }, 'the messages that the broker dropped could not be noted; trying again');
        await delay(AFTER_FAILURE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    noting = undefined;
  }

  return {
    hear: ({ bytes, topicAt, topicEnd, payloadAt, payloadEnd }) => {
      if (bytes[topicAt] !== DOLLAR) return false;
      const whose = whoseCounter(bytes.toString('utf8', topicAt, topicEnd), clientId);
      if (whose === undefined) return false;
      const said = bytes.toString('latin1', payloadAt, Math.min(payloadEnd, payloadAt + LONGEST_COUNT + 1));
      if (!COUNT.test(said)) return true;
      heard.set(whose, Number(said));
      noting ??= noteAll();
      return true;
    },
    stop: async () => {
      stopping.abort();
      await noting;
    },
  };
}

/** A broker of several nodes has as many counters. Undefined for another topic. */
function whoseCounter(topic: string, clientId: string): string | undefined {
  if (topic === OF_MOSQUITTO) return clientId;
  const [, node] = OF_EMQX.exec(topic) ?? [];
  return node === undefined ? undefined : `${clientId} ${node}`;
}
