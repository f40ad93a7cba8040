import { SECOND_MS } from '../time.ts';

/** The shortest and the longest that providers take, in seconds (Twilio: 1 to 36,000; below a minute phones that are just out of reach are given up). */
const SHORTEST_S = 60;
const LONGEST_S = 36_000;

/**
 * For how many seconds a text about an alert is of use: until the step after its own is taken, `delayMs` after it. Then
 * somebody else has been asked, and a text of an hour ago would be a second alarm.
 */
export function validForSeconds(delayMs: number): number {
  return Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.round(delayMs / SECOND_MS)));
}
