import { windowConsumption, type WindowConsumption } from '../domain/metering/window-consumption.ts';
import type { HomeSeries, MeterSeries } from './home-series.ts';

/**
 * What is known of a home's water from `fromMs` to `untilMs`, by meter: each that was there at some time of it.
 *
 * A meter owes readings only for the time it was bound, so a change of meter hides nothing: the old one answers for
 * the time before and the new one for the time after. Time at which the home had no meter at all is unknown.
 */
export function homeWindows(
  { meters }: Pick<HomeSeries, 'meters'>,
  fromMs: number,
  untilMs: number,
): WindowConsumption[] {
  const present = meters.filter(({ boundFromMs, boundUntilMs }) => boundFromMs < untilMs && boundUntilMs > fromMs);
  const spanMs = untilMs - fromMs;
  const unmetered = unmeteredMs(present, fromMs, untilMs);
  return present.map(({ intervals, boundFromMs, boundUntilMs }) => {
    const window = windowConsumption(intervals, fromMs, untilMs);
    const elsewhereMs = spanMs - (Math.min(boundUntilMs, untilMs) - Math.max(boundFromMs, fromMs));
    return { ...window, coverage: window.coverage + (elsewhereMs - unmetered) / spanMs };
  });
}

/** How much of the window passed without any of these meters, in milliseconds. */
function unmeteredMs(present: readonly MeterSeries[], fromMs: number, untilMs: number): number {
  let reachedMs = fromMs;
  let unmetered = 0;
  for (const { boundFromMs, boundUntilMs } of present.toSorted((a, b) => a.boundFromMs - b.boundFromMs)) {
    unmetered += Math.max(0, boundFromMs - reachedMs);
    reachedMs = Math.max(reachedMs, Math.min(boundUntilMs, untilMs));
  }
  return unmetered + untilMs - reachedMs;
}
