import type { MeterTraits, RegisterReading } from './register-reading.ts';
import { type Litres, litres } from './units.ts';

/**
 * What happened between two readings of one meter.
 *
 * `measured`: readings close enough together that the volume belongs to this time.
 * `still_gap`: readings are missing between, but the register did not move: known zero use.
 * `moved_gap`: readings are missing between, and the register moved at an unknown time.
 * `backflow`: the register fell by a little, or rose again to where it had been before: water flowed back, and use may
 * hide in it. It counts neither as use nor as none.
 * `new_segment`: the register fell too far for backflow: another dial, or a reset. Nothing is known of this time.
 */
export type IntervalKind = 'measured' | 'still_gap' | 'moved_gap' | 'backflow' | 'new_segment';

export interface IntervalConsumption {
  readonly fromMs: number;
  readonly toMs: number;
  readonly volumeLitres: Litres;
  readonly kind: IntervalKind;
}

/** An interval longer than this many nominal ones has readings missing. */
const GAP_FACTOR = 1.5;
/** A fall up to this is water flowing back; a larger one is another dial. */
const MAX_BACKFLOW_LITRES = 200;
/** The share of its capacity a register must have reached before a fall can be a rollover. */
const ROLLOVER_NEAR_END = 0.9;

/** A reading below a register that was reached before it: water flowed back and has not come forward again yet. */
export interface HeldBack {
  readonly readAtMs: number;
  /** The highest register that was reached before. */
  readonly floorLitres: Litres;
}

/** The intervals of one meter, and what a later walk that starts at one of its readings must know of the past. */
export interface RegisterWalk {
  readonly intervals: IntervalConsumption[];
  /** In time order; a reading that is not among them is itself the highest. */
  readonly heldBack: readonly HeldBack[];
}

/**
 * Walks from reading to reading of one meter.
 *
 * Order and repeats do not matter: the readings are sorted, and of two with the same time the smaller register
 * stands, whichever came first. After backflow the highest register reached stays the floor, so that water which
 * flowed back and forth is not taken for use. A walk that starts in the middle of a history gives the same intervals
 * as one from its beginning if `startFloorLitres` is what the earlier one reached.
 */
export function walkRegister(
  readings: readonly RegisterReading[],
  traits: MeterTraits,
  startFloorLitres = 0,
): RegisterWalk {
  const intervals: IntervalConsumption[] = [];
  const heldBack: HeldBack[] = [];
  let previous: RegisterReading | undefined;
  let floorLitres = startFloorLitres;
  for (const reading of inTimeOrder(readings)) {
    const change = previous && changeOf(previous.indexLitres, floorLitres, reading.indexLitres, traits);
    if (previous && change) intervals.push(intervalBetween(previous, reading, change, traits));
    if (!previous) floorLitres = Math.max(floorLitres, reading.indexLitres);
    else if (!change?.staysBelowFloor) floorLitres = reading.indexLitres;
    if (floorLitres > reading.indexLitres)
      heldBack.push({ readAtMs: reading.readAtMs, floorLitres: litres(floorLitres) });
    previous = reading;
  }
  return { intervals, heldBack };
}

/** The intervals between the readings of one meter, walked from its first. */
export function intervalsOf(readings: readonly RegisterReading[], traits: MeterTraits): IntervalConsumption[] {
  return walkRegister(readings, traits).intervals;
}

/** What the register did between two readings. */
interface RegisterChange {
  readonly volume: number;
  readonly move: 'forward' | 'back_and_forth' | 'new_segment';
  readonly staysBelowFloor: boolean;
}

function changeOf(
  previousLitres: number,
  floorLitres: number,
  indexLitres: number,
  { registerCapacityLitres }: MeterTraits,
): RegisterChange {
  const volume = indexLitres - floorLitres;
  if (volume >= 0) return { volume, move: 'forward', staysBelowFloor: false };

  const capacity = registerCapacityLitres ?? Number.POSITIVE_INFINITY;
  const rolledOver = floorLitres >= capacity * ROLLOVER_NEAR_END && indexLitres <= capacity * (1 - ROLLOVER_NEAR_END);
  if (rolledOver) return { volume: volume + capacity, move: 'forward', staysBelowFloor: false };
  if (-volume > MAX_BACKFLOW_LITRES) return { volume: 0, move: 'new_segment', staysBelowFloor: false };

  // A register that stands still proves that nothing ran, wherever it stands.
  const move = indexLitres === previousLitres ? 'forward' : 'back_and_forth';
  return { volume: 0, move, staysBelowFloor: true };
}

function intervalBetween(
  previous: RegisterReading,
  current: RegisterReading,
  change: RegisterChange,
  traits: MeterTraits,
): IntervalConsumption {
  const fromMs = previous.readAtMs;
  const toMs = current.readAtMs;
  const isGap = toMs - fromMs > traits.nominalIntervalMs * GAP_FACTOR;
  return { fromMs, toMs, volumeLitres: litres(change.volume), kind: kindOf(change, isGap) };
}

function kindOf({ move, volume }: RegisterChange, isGap: boolean): IntervalKind {
  if (move === 'new_segment') return 'new_segment';
  if (move === 'back_and_forth') return 'backflow';
  if (!isGap) return 'measured';
  return volume === 0 ? 'still_gap' : 'moved_gap';
}

function inTimeOrder(readings: readonly RegisterReading[]): readonly RegisterReading[] {
  if (readings.every((reading, i) => i === 0 || reading.readAtMs > (readings[i - 1]?.readAtMs ?? Infinity))) {
    return readings;
  }
  const sorted = readings.toSorted((a, b) => a.readAtMs - b.readAtMs || a.indexLitres - b.indexLitres);
  return sorted.filter((reading, position) => sorted[position - 1]?.readAtMs !== reading.readAtMs);
}
