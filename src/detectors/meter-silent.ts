import { HOUR_MS } from '../domain/time.ts';

export interface MeterSilentRule {
  /** Hours without a message after which a meter counts as silent at the soonest. */
  readonly afterHours: number;
}

/** A meter that is heard of once in two days or more seldom is no longer waited for. */
const PERIOD_HOURS = { least: 1, most: 48 };
/** An upload may come so much later than usual. */
const LATE_HOURS = 6;

/**
 * When a meter that was last heard at `lastHeardMs` counts as silent: a device's fault and no sign of danger. One that is
 * usually heard of more seldom is waited for until six hours after its next upload is due.
 *
 * @param periodMs how long it usually leaves between two uploads; undefined where that is not known.
 */
export function silentFromMs(lastHeardMs: number, rule: MeterSilentRule, periodMs: number | undefined): number {
  return lastHeardMs + silentAfterMs(rule, periodMs);
}

/** For how long a meter may not be heard of, in milliseconds: at least as long as the rule says, at most 54 h or that. */
export function silentAfterMs({ afterHours }: MeterSilentRule, periodMs: number | undefined): number {
  if (periodMs === undefined) return afterHours * HOUR_MS;
  const periodHours = Math.min(PERIOD_HOURS.most, Math.max(PERIOD_HOURS.least, periodMs / HOUR_MS));
  return Math.max(afterHours, periodHours + LATE_HOURS) * HOUR_MS;
}
