import type { MeterBinding } from '../db/meter-bindings.ts';

/** A binding in words: `at WL-001 from 2026-03-01T00:00:00.000Z until 2026-04-01T00:00:00.000Z`. */
export function describeBinding({ household, boundFrom, boundUntil }: MeterBinding): string {
  const until = boundUntil === null ? ' on' : ` until ${boundUntil.toISOString()}`;
  return `at ${household} from ${boundFrom.toISOString()}${until}`;
}

/** Whether a meter was there at a moment. At the very end of a binding it is there no more. */
export function isBoundAt({ boundFrom, boundUntil }: MeterBinding, at: Date): boolean {
  return boundFrom <= at && (boundUntil === null || boundUntil > at);
}

/** Whether a binding and the time from `from` to `until` have a moment in common. */
export function overlaps({ boundFrom, boundUntil }: MeterBinding, from: Date, until: Date | undefined): boolean {
  return (until === undefined || boundFrom < until) && (boundUntil === null || boundUntil > from);
}
