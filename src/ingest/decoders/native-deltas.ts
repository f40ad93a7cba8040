import { z } from 'zod';

const HOUR_S = 3_600;
const MINUTE_S = 60;
const DAY_S = 86_400;

/** A register and its time as they stand in a native message. */
export interface NativeReading {
  readonly at: string;
  readonly index_l: number;
}

interface NativeDeltas {
  readonly deltas_l?: readonly number[] | undefined;
  readonly step_s?: number | undefined;
}

/**
 * What may stand beside a lone register: what ran in each of the equal stretches of time after it, in litres, the oldest
 * first, and how long a stretch is, an hour if it is left out. Water that ran back is negative.
 */
export function deltaFields(mostDeltas: number, mostLitres: number) {
  return {
    deltas_l: z.array(z.int().min(-mostLitres).max(mostLitres)).min(1).max(mostDeltas).optional(),
    step_s: z.int().min(MINUTE_S).max(DAY_S).optional(),
  };
}

/** Whether the fields make sense together. */
export function hasStretches({ deltas_l: deltas, step_s: step }: NativeDeltas): boolean {
  return deltas !== undefined || step === undefined;
}

/** The register, and those at the ends of the stretches after it; undefined where one would be no register. */
export function registersOf(
  { at, index_l: base, deltas_l: deltas = [], step_s: step = HOUR_S }: NativeReading & NativeDeltas,
  mostLitres: number,
): NativeReading[] | undefined {
  const readings: NativeReading[] = [{ at, index_l: base }];
  let index = base;
  for (const [i, delta] of deltas.entries()) {
    index += delta;
    if (index < 0 || index > mostLitres) return undefined;
    readings.push({ at: new Date(Date.parse(at) + (i + 1) * step * 1_000).toISOString(), index_l: index });
  }
  return readings;
}
