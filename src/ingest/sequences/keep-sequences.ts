import { setTimeout as delay } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { startStopwatch } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { type MergeDeps, mergeSequences } from './merge-sequences.ts';
import { canTell, tellSenders } from './tell-senders.ts';

export interface SequenceDeps extends MergeDeps {
  readonly log: Logger;
  readonly client: MqttClient;
}

export interface SequenceKeeper {
  /** To be called after each commit that noted numbers. */
  readonly onNoted: () => void;
  /** Merges and tells what was noted so far, and stops. */
  readonly stop: () => Promise<void>;
}

/** Without news too, somebody looks for gaps that are due and for notes of an ingester that died. */
const LOOK_EVERY_MS = 1_000;
const AFTER_FAILURE_MS = 5_000;
/** Between two merges passes this many times what a merge takes, so that storing has the database to itself. */
const REST = 4;
const LONGEST_REST_MS = 2_000;
const SHORTEST_REST_MS = 2;

/**
 * From now on merges the noted numbers soon after each commit, many commits at a time under load, and tells the senders
 * what is stored and what is missing.
 */
export function keepSequences({ log, client, ...deps }: SequenceDeps): SequenceKeeper {
  const stopping = new AbortController();
  let isNoted = true;
  let hasFailed = false;
  let wake = (): void => undefined;

  /** Returns how long to rest. */
  async function work(): Promise<number> {
    isNoted = false;
    hasFailed = false;
    const tookMs = startStopwatch();
    try {
      const merged = await mergeSequences(deps, canTell(client));
      if (merged) tellSenders(client, merged);
      // Whoever holds the lock may have looked at the notes just before ours was written.
      isNoted ||= merged?.isMore ?? true;
    } catch (error) {
      log.warn({ err: error }, 'the numbers of messages were not merged; senders wait for their acknowledgement');
      isNoted = true;
      hasFailed = true;
      return AFTER_FAILURE_MS;
    }
    return Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, REST * tookMs()));
  }

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      await rest(await work());
      if (!isNoted) await untilNoted();
    }
    if (isNoted && !hasFailed) await work();
  }

  function untilNoted(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (stopping.signal.aborted) wake();
    });
  }

  const rest = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const keeping = keep();
  return {
    onNoted: () => {
      isNoted = true;
      wake();
    },
    stop: async () => {
      stopping.abort();
      wake();
      await keeping;
    },
  };
}
