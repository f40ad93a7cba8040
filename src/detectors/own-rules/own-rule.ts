import type { LowUseRule } from '../../domain/metering/verdict.ts';

/** So little water in so many hours; a floor of 0 litres stands for none at all. */
export interface LittleRule extends LowUseRule {
  readonly kind: 'low-use';
  readonly name: string;
}

/** More than so many litres, over a day of the home or over so many hours: one of the two is given. */
export interface VolumeRule {
  readonly kind: 'volume';
  readonly name: string;
  readonly litres: number;
  readonly per?: 'day' | undefined;
  readonly windowHours?: number | undefined;
}

/** Water in every so many minutes of so many hours. */
export interface ContinuousRule {
  readonly kind: 'continuous';
  readonly name: string;
  readonly slotMinutes: number;
  readonly windowHours: number;
}

/** A rule that an authority wrote, by the name that people read. */
export type OwnRule = LittleRule | VolumeRule | ContinuousRule;
