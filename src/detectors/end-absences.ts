import { provedReturn } from '../domain/alerting/return-of-people.ts';
import type { ReturnByWater } from './end-absence-by-water.ts';
import type { LoadedHome } from './load-homes.ts';

/** The homes whose people are away and yet drew water since they left, and when it ran: they are back, or somebody is there. */
export function homesWithWaterAgain(homes: readonly LoadedHome[], now: Date): ReturnByWater[] {
  return homes.flatMap(({ householdId, absences, series }) => {
    const current = absences.find(({ fromAt, untilAt }) => fromAt <= now && untilAt > now);
    if (!current) return [];
    const times = { sinceMs: current.fromAt.getTime(), untilMs: now.getTime() };
    const usedMs = provedReturn(series.meters, series.use, times);
    return usedMs === undefined ? [] : [{ householdId, usedAt: new Date(usedMs) }];
  });
}
