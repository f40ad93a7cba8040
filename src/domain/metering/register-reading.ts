import type { Litres } from './units.ts';

/** What a meter's dial showed at a time of the meter's own clock. */
export interface RegisterReading {
  readonly readAtMs: number;
  readonly indexLitres: Litres;
}

/** The facts about a device that its readings are understood with. */
export interface MeterTraits {
  /** The time between two readings when nothing is missing. */
  readonly nominalIntervalMs: number;
  /** Where the dial starts again at zero; undefined where nobody knows. */
  readonly registerCapacityLitres: Litres | undefined;
}
