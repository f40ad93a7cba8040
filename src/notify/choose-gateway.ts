import { openGatewayFaults } from '../db/reachability.ts';
import { MINUTE_MS } from '../domain/time.ts';
import type { DispatchDeps, Through } from './dispatch-deps.ts';

/** A gateway that refused our account is left alone for so long before it is tried again. */
const LEFT_ALONE_MS = 5 * MINUTE_MS;

/**
 * The gateways in the order in which to try them now: those that refused our account lately come last. The order of the
 * settings decides otherwise.
 */
export async function chooseGateway({ pool, clock, gateway, fallbacks = [] }: DispatchDeps): Promise<Through> {
  if (fallbacks.length === 0) return { gateway, fallbacks };
  const since = new Date(clock.now().getTime() - LEFT_ALONE_MS);
  const faults = await openGatewayFaults(pool);
  const refuses = new Set(faults.filter(({ lastSeenAt }) => lastSeenAt > since).map((fault) => fault.gateway));
  const all = [gateway, ...fallbacks];
  const [first = gateway, ...others] = [
    ...all.filter(({ name }) => !refuses.has(name)),
    ...all.filter(({ name }) => refuses.has(name)),
  ];
  return { gateway: first, fallbacks: others };
}
