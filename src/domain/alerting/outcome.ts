/** What a person found at a home check. */
export const OUTCOMES = ['safe', 'needs_help', 'could_not_reach', 'false_alarm', 'away'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How they found it out. */
export const METHODS = ['in_person', 'phone', 'neighbour'] as const;
export type Method = (typeof METHODS)[number];

/** Where they were, by their own word. */
export const PLACES = ['home', 'nearby', 'elsewhere'] as const;
export type Place = (typeof PLACES)[number];

/** Why an alarm was false. */
export const CAUSES = ['late_riser', 'away', 'hospital', 'cleaning', 'leak', 'meter_fault', 'other'] as const;
export type Cause = (typeof CAUSES)[number];

/** Whether the answer ends the alert. Needing help and finding nobody do not: somebody must still go. */
export function settles(outcome: Outcome): boolean {
  return outcome === 'safe' || outcome === 'false_alarm' || outcome === 'away';
}
