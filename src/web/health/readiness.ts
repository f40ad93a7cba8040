import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';

const CHECK_TIMEOUT_MS = 2_000;

/** Named checks. Each resolves when its part of the service is ready, and throws when it is not. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

export interface Unready {
  readonly name: string;
  /** For the log. */
  readonly why: string;
}

/** Runs all checks side by side, each for two seconds at most, and returns those that failed. */
export async function unreadyParts(checks: ReadinessChecks, timeoutMs = CHECK_TIMEOUT_MS): Promise<Unready[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, why: await whyNot(check, timeoutMs) })),
  );
  return results.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }]));
}

async function whyNot(check: () => Promise<unknown>, timeoutMs: number): Promise<string | undefined> {
  const timer = new AbortController();
  const tooSlow = delay(timeoutMs, `no answer within ${timeoutMs} ms`, { signal: timer.signal });
  // Once the check has answered, the timer is called off, and nobody waits for it any more.
  tooSlow.catch(() => undefined);
  try {
    return await Promise.race([tooSlow, check().then(() => undefined)]);
  } catch (error) {
    return messageOf(error);
  } finally {
    timer.abort();
  }
}
