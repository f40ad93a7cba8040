/**
 * Which of the gaps between a meter's arrivals is its usual one: of 56 days' once-a-day uploads the second longest, of
 * hourly ones no single hole.
 *
 * A meter of which every tenth day comes late leaves two days between arrivals about three times in four weeks, but by
 * chance once or five times: asked how long 95 % of 28 gaps lasted, it answers now one day and now two.
 */
export const USUAL_PERIOD = {
  /** What a meter did longer ago says little of how often it is heard of now. */
  days: 56,
  /** The shortest gap that so great a share of them does not exceed. */
  share: 0.97,
  /** Fewer gaps than these say nothing of what is usual. */
  leastGaps: 3,
} as const;
