import type { AreaPolicy, CauseRule } from './area-policy.ts';

/** How many homes of an area there are, and how many of them are affected. */
export interface AreaCount {
  readonly homes: number;
  readonly affected: number;
}

/** At night nearly everybody is without water: some would still have to be seen using it. */
const USUAL_BOUNDS = { least: 0.01, most: 0.97 };

/** Whether so many affected homes are one outage and not so many homes with troubles of their own. */
export function isOutage(count: AreaCount, usualShare: number, rule: CauseRule, policy: AreaPolicy): boolean {
  const usual = bounded(usualShare);
  if (count.homes < policy.leastHomes || lostShare(count, usual) < rule.lostShare) return false;
  return chanceOf(count, usual) <= policy.chance;
}

/** Whether an outage is over: half of what made it one is gone. */
export function isRecovered(count: AreaCount, usualShare: number, rule: CauseRule): boolean {
  return count.homes === 0 || lostShare(count, bounded(usualShare)) < rule.lostShare / 2;
}

/** Of the homes that would not be affected usually, the share that is. */
function lostShare({ homes, affected }: AreaCount, usual: number): number {
  return (affected / homes - usual) / (1 - usual);
}

/**
 * At most the chance that so many homes or more are affected when each is by itself with the usual chance: Chernoff's
 * bound of the binomial tail, exp(-n KL(share, usual)).
 */
export function chanceOf({ homes, affected }: AreaCount, usual: number): number {
  const share = affected / homes;
  if (share <= usual) return 1;
  const stay = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - usual));
  return Math.exp(-homes * (share * Math.log(share / usual) + stay));
}

function bounded(share: number): number {
  return Math.min(USUAL_BOUNDS.most, Math.max(USUAL_BOUNDS.least, share));
}
