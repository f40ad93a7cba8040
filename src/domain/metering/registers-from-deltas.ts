import type { RegisterReading } from './register-reading.ts';
import { type ExactVolume, minus, plus, wholeLitres } from './volume.ts';

/** One register, and what ran in the equal stretches of time before or after it. */
export interface DeltaSeries {
  readonly readAtMs: number;
  readonly register: ExactVolume;
  readonly stepMs: number;
  /** What ran in each stretch, the oldest first. */
  readonly deltas: readonly ExactVolume[];
  /** Whether the register was read before the first stretch or after the last one. */
  readonly registerIs: 'before' | 'after';
}

/**
 * The registers at the ends of the stretches, the oldest first, one more than there are stretches.
 *
 * The sums are exact, and each is rounded down to whole litres by itself: parts of a litre add up and are never lost.
 * Undefined where a register would be negative or beyond what a dial can show: then something is not as it was said.
 */
export function registersFromDeltas(series: DeltaSeries): RegisterReading[] | undefined {
  const { readAtMs, register, stepMs, deltas, registerIs } = series;
  const isAfter = registerIs === 'after';
  let atMs = isAfter ? readAtMs - deltas.length * stepMs : readAtMs;
  let volume = isAfter ? deltas.reduce(minus, register) : register;
  const readings: RegisterReading[] = [];
  for (const delta of [undefined, ...deltas]) {
    if (delta) {
      volume = plus(volume, delta);
      atMs += stepMs;
    }
    const indexLitres = wholeLitres(volume);
    if (indexLitres === undefined) return undefined;
    readings.push({ readAtMs: atMs, indexLitres });
  }
  return readings;
}
