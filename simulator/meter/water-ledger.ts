import { HOUR_MS } from '../../src/domain/time.ts';
import type { Calendar } from '../calendar.ts';
import type { Draw } from '../habits/draw.ts';

/** All the water that people have drawn in a home since the town began. */
export interface WaterLedger {
  /** Whole litres from the beginning until a full hour. */
  readonly litresUntil: (hourMs: number) => number;
  /** Forgets what was added up, because it has turned out who was at home when. */
  readonly reopen: () => void;
}

/**
 * Adds up the draws of a home by hours, day after day, no further than asked for.
 *
 * `isAnybodyHome` says whether a draw at that moment takes place. Draws before `startMs`, a full hour, are not counted.
 */
export function openLedger(
  calendar: Calendar,
  startMs: number,
  drawsOf: (day: number) => readonly Draw[],
  isAnybodyHome: (atMs: number) => boolean,
): WaterLedger {
  let totals = [0];
  let volumes: number[] = [];
  let nextDay = calendar.dayOf(startMs);

  const addDay = () => {
    for (const { atMs, litres } of drawsOf(nextDay)) {
      const hour = Math.floor((atMs - startMs) / HOUR_MS);
      if (hour >= 0 && isAnybodyHome(atMs)) volumes[hour] = (volumes[hour] ?? 0) + litres;
    }
    nextDay += 1;
    const completeHours = Math.floor((calendar.midnightMs(nextDay) - startMs) / HOUR_MS);
    while (totals.length <= completeHours) totals.push((totals.at(-1) ?? 0) + (volumes[totals.length - 1] ?? 0));
  };

  return {
    litresUntil: (hourMs) => {
      const hour = Math.round((hourMs - startMs) / HOUR_MS);
      while (totals.length <= hour) addDay();
      return totals[hour] ?? 0;
    },
    reopen: () => {
      totals = [0];
      volumes = [];
      nextDay = calendar.dayOf(startMs);
    },
  };
}
