import { setTimeout as delay } from 'node:timers/promises';

/**
 * The outcome of `work`, or a rejection when it takes longer than `limitMs`. The work itself is not stopped; what it
 * comes to afterwards is ignored.
 */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const tooLong = delay(limitMs, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`no answer within ${limitMs} ms`);
  });
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    giveUp.abort();
  }
}
