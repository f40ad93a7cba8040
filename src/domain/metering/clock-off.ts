import { median } from '../median.ts';

/** How late a meter's readings came by its own clock, and from how many uploads that is known. */
export interface Delay {
  readonly meterId: number;
  /** Meters that send over the same way: what delays them all is no fault of one. */
  readonly place: string;
  /** The least that a reading of the day took, in minutes; negative for readings from the future. */
  readonly leastDelayMin: number;
  readonly arrivals: number;
}

export interface ClockOff {
  readonly meterId: number;
  /** Whole minutes; negative where the clock is behind. */
  readonly aheadMinutes: number;
}

const OFF_MINUTES = 10;
/** Whoever uploads a few times a day keeps readings for hours: their delay says nothing of a clock. */
const LEAST_ARRIVALS = 12;
const LEAST_NEIGHBOURS = 5;

/**
 * The meters whose clock is off by ten minutes. A reading from the future is proof of a clock ahead. One behind shows as
 * readings that all come late: only where a meter uploads them one by one, and its neighbours' come sooner.
 */
export function clocksOff(delays: readonly Delay[]): ClockOff[] {
  const prompt = delays.filter(({ arrivals }) => arrivals >= LEAST_ARRIVALS);
  const everywhere = prompt.map(({ leastDelayMin }) => leastDelayMin);
  const usualOf = new Map<string, number | undefined>();
  for (const place of new Set(prompt.map((each) => each.place))) {
    const there = prompt.filter((each) => each.place === place).map(({ leastDelayMin }) => leastDelayMin);
    usualOf.set(place, usualOfEnough(there) ?? usualOfEnough(everywhere));
  }
  return delays.flatMap(({ meterId, place, leastDelayMin, arrivals }) => {
    if (leastDelayMin <= -OFF_MINUTES) return [{ meterId, aheadMinutes: Math.round(-leastDelayMin) }];
    const usual = arrivals >= LEAST_ARRIVALS ? usualOf.get(place) : undefined;
    const behind = usual === undefined ? 0 : leastDelayMin - Math.max(0, usual);
    return behind >= OFF_MINUTES ? [{ meterId, aheadMinutes: -Math.round(behind) }] : [];
  });
}

function usualOfEnough(delays: readonly number[]): number | undefined {
  return delays.length < LEAST_NEIGHBOURS ? undefined : median(delays);
}
