import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { noteBrokerDrops } from '../../db/broker-drops.ts';
import type { DbPool } from '../../db/sql.ts';

/** Where Mosquitto says how many messages it has dropped since it started. */
export const DROPPED_TOPIC = '$SYS/broker/publish/messages/dropped';

export interface DropWatchDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** Which session of the broker heard it. */
  readonly clientId: string;
}

export interface DropWatch {
  /** What the broker published on the topic. */
  readonly hear: (payload: Uint8Array) => void;
  /** Waits for the note under way. */
  readonly stop: () => Promise<void>;
}

const COUNT = /^\d{1,15}$/;
const LONGEST_COUNT = 15;
const AFTER_FAILURE_MS = 5_000;

/** Notes how many messages the broker dropped, and raises its voice in the log whenever there are more. */
export function watchDrops({ pool, clock, log, clientId }: DropWatchDeps): DropWatch {
  const stopping = new AbortController();
  let heard: number | undefined;
  let noting: Promise<void> | undefined;

  async function note(counter: number): Promise<void> {
    const at = clock.now();
    const { dropped, roseAt } = (await noteBrokerDrops(pool, clientId, counter, at)) ?? {};
    const hasRisen = roseAt?.getTime() === at.getTime();
    if (hasRisen) log.error({ dropped }, 'the broker dropped messages: a queue was full');
  }

  /** The database may be away just when queues are full; the broker says a number only once. */
  async function noteAll(): Promise<void> {
    for (let counter = heard; counter !== undefined && !stopping.signal.aborted; counter = heard) {
      heard = undefined;
      try {
        await note(counter);
      } catch (error) {
        heard ??= counter;
        log.warn({ reason: messageOf(error) }, 'the messages that the broker dropped could not be noted; trying again');
        await delay(AFTER_FAILURE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    noting = undefined;
  }

  return {
    hear: (payload) => {
      const said = Buffer.from(payload.subarray(0, LONGEST_COUNT + 1)).toString('latin1');
      if (!COUNT.test(said)) return;
      heard = Number(said);
      noting ??= noteAll();
    },
    stop: async () => {
      stopping.abort();
      await noting;
    },
  };
}
