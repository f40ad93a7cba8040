import { silentFromMs } from '../../src/detectors/meter-silent.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { USUAL_PERIOD } from '../../src/domain/metering/usual-period.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import type { Delivery } from './arrivals.ts';
import type { Outcome } from './play.ts';
import type { Rule } from './rules/rule.ts';

/** A meter that says nothing. It is asked about times at which nothing came, so it has a reckoning of its own. */
export const SILENCE: Rule = { name: 'ours: meter-silent', listensFor: ['silence'], lookOver: () => () => undefined };

const { meterSilent } = tierPolicies()[2];
/** Readings that come within so long are one arrival to the service. */
const ONE_ARRIVAL_MS = 10 * MINUTE_MS;

/** How often a meter fell silent from a moment on. */
export function silencesIn(deliveries: readonly Delivery[], fromMs: number): number {
  return deliveries.filter(({ arrivesMs }, i) => {
    const before = deliveries[i - 1];
    if (!before || arrivesMs < fromMs || arrivesMs - before.arrivesMs <= DAY_MS) return false;
    return calledSilentMs(deliveries, before.arrivesMs) < arrivesMs;
  }).length;
}

/** When a meter that sends no more from an onset on is called silent. */
export function silenceFound(deliveries: readonly Delivery[], onsetMs: number): Outcome {
  const heardMs = deliveries.findLast(({ arrivesMs }) => arrivesMs <= onsetMs)?.arrivesMs ?? onsetMs;
  const hours = (calledSilentMs(deliveries, heardMs) - onsetMs) / HOUR_MS;
  return { alarms: 1, hours: Math.max(0, hours), arrivalHours: Math.max(0, hours) };
}

function calledSilentMs(deliveries: readonly Delivery[], heardMs: number): number {
  const learntMs = USUAL_PERIOD.days * DAY_MS;
  const recent = deliveries.filter(({ arrivesMs }) => arrivesMs > heardMs - learntMs && arrivesMs <= heardMs);
  const gaps = recent.slice(1).map(({ arrivesMs }, i) => arrivesMs - (recent[i]?.arrivesMs ?? arrivesMs));
  return silentFromMs(heardMs, meterSilent, usualOf(gaps.filter((gapMs) => gapMs >= ONE_ARRIVAL_MS)));
}

/** As the database works it out of the arrivals that it keeps. */
function usualOf(gapsMs: readonly number[]): number | undefined {
  if (gapsMs.length < USUAL_PERIOD.leastGaps) return undefined;
  return gapsMs.toSorted((a, b) => a - b)[Math.ceil(USUAL_PERIOD.share * gapsMs.length) - 1];
}
