import type { MeterTraits, RegisterReading } from './register-reading.ts';
import { type Litres, litres } from './units.ts';

/**
 * What happened between two readings of one meter.
 *
 * `measured`: readings close enough together that the volume belongs to this time.
 * `still_gap`: readings are missing between, but the register did not move: known zero use.
 * `moved_gap`: readings are missing between, and the register moved at an unknown time.
 * `new_segment`: the register fell too far for backflow: another dial, or a reset. Nothing is known of this time.
 */
export type IntervalKind = 'measured' | 'still_gap' | 'moved_gap' | 'new_segment';

export interface IntervalConsumption {
  readonly fromMs: number;
  readonly toMs: number;
  readonly volumeLitres: Litres;
  readonly kind: IntervalKind;
  /** The register went back by a little: water flowed the wrong way. It counts as no use. */
  readonly backflow: boolean;
}

/** An interval longer than this many nominal ones has readings missing. */
const GAP_FACTOR = 1.5;
/** A fall up to this is water flowing back; a larger one is another dial. */
const MAX_BACKFLOW_LITRES = 200;
/** The share of its capacity a register must have reached before a fall can be a rollover. */
const ROLLOVER_NEAR_END = 0.9;

/**
 * The intervals between the readings of one meter.
 *
 * Order and repeats do not matter: the readings are sorted, and of two with the same time the smaller register
 * stands, whichever came first. After backflow the highest register reached stays the floor, so that water which
 * flowed back and forth is not taken for use.
 */
export function intervalsOf(readings: readonly RegisterReading[], traits: MeterTraits): IntervalConsumption[] {
  const intervals: IntervalConsumption[] = [];
  let previous: RegisterReading | undefined;
  let floorLitres = 0;
  for (const reading of inTimeOrder(readings)) {
    if (previous) {
      const advance = advanceOf(floorLitres, reading.indexLitres, traits);
      intervals.push(intervalBetween(previous, reading, advance, traits));
      floorLitres = advance.backflow ? floorLitres : reading.indexLitres;
    } else {
      floorLitres = reading.indexLitres;
    }
    previous = reading;
  }
  return intervals;
}

interface Advance {
  readonly volume: number;
  readonly backflow: boolean;
  readonly newSegment: boolean;
}

function advanceOf(floorLitres: number, indexLitres: number, { registerCapacityLitres }: MeterTraits): Advance {
  const volume = indexLitres - floorLitres;
  if (volume >= 0) return { volume, backflow: false, newSegment: false };

  const capacity = registerCapacityLitres ?? Number.POSITIVE_INFINITY;
  const rolledOver = floorLitres >= capacity * ROLLOVER_NEAR_END && indexLitres <= capacity * (1 - ROLLOVER_NEAR_END);
  if (rolledOver) return { volume: volume + capacity, backflow: false, newSegment: false };

  const backflow = -volume <= MAX_BACKFLOW_LITRES;
  return { volume: 0, backflow, newSegment: !backflow };
}

function intervalBetween(
  previous: RegisterReading,
  current: RegisterReading,
  advance: Advance,
  traits: MeterTraits,
): IntervalConsumption {
  const fromMs = previous.readAtMs;
  const toMs = current.readAtMs;
  const isGap = toMs - fromMs > traits.nominalIntervalMs * GAP_FACTOR;
  return {
    fromMs,
    toMs,
    volumeLitres: litres(advance.volume),
    kind: kindOf(advance, isGap),
    backflow: advance.backflow,
  };
}

function kindOf(advance: Advance, isGap: boolean): IntervalKind {
  if (advance.newSegment) return 'new_segment';
  if (!isGap) return 'measured';
  return advance.volume === 0 ? 'still_gap' : 'moved_gap';
}

function inTimeOrder(readings: readonly RegisterReading[]): RegisterReading[] {
  const sorted = readings.toSorted((a, b) => a.readAtMs - b.readAtMs || a.indexLitres - b.indexLitres);
  return sorted.filter((reading, position) => sorted[position - 1]?.readAtMs !== reading.readAtMs);
}
