import { HOUR_MS, QUARTER_HOUR_MS } from '../time.ts';
import { firstPosition } from '../bisect.ts';
import type { DatedPause } from './pause.ts';

/**
 * Pauses in the order of time, ten bytes each: start (u32), showing (u16 after the start) and length (u16) in quarters of an
 * hour, little-endian; the quarter of the day at which it began; hours of use before, and in the highest bit the day off.
 *
 * A home has a thousand and more of them. They are kept, cut and weighed as they are: to make an object of each would take
 * longer than all that is done with them.
 */
export type PackedPauses = Uint8Array;

export const NO_PAUSES: PackedPauses = new Uint8Array(0);
export const PAUSE_BYTES = 10;
const QUARTERS_AN_HOUR = HOUR_MS / QUARTER_HOUR_MS;
const UINT16_MAX = 65_535;
const DAY_OFF = 0x80;

/** Packs pauses; what is longer than 22 months is cut to that. */
export function packPauses(pauses: readonly DatedPause[]): PackedPauses {
  const packed = new Uint8Array(pauses.length * PAUSE_BYTES);
  const view = new DataView(packed.buffer);
  pauses.forEach(({ startMs, shownMs, lastedMs, startHour, isDayOff, hoursOfUseBefore }, i) => {
    const at = i * PAUSE_BYTES;
    view.setUint32(at, startMs / QUARTER_HOUR_MS, true);
    view.setUint16(at + 4, Math.min(UINT16_MAX, Math.ceil((shownMs - startMs) / QUARTER_HOUR_MS)), true);
    view.setUint16(at + 6, Math.min(UINT16_MAX, lastedMs / QUARTER_HOUR_MS), true);
    view.setUint8(at + 8, startHour * QUARTERS_AN_HOUR);
    view.setUint8(at + 9, hoursOfUseBefore | (isDayOff ? DAY_OFF : 0));
  });
  return packed;
}

/** The pauses, each by itself. */
export function unpackPauses(packed: PackedPauses): DatedPause[] {
  return Array.from({ length: pauseCount(packed) }, (_, i) => {
    const at = i * PAUSE_BYTES;
    const before = byte(packed, at + 9);
    return {
      startMs: startMsOf(packed, at),
      shownMs: shownMsOf(packed, at),
      lastedMs: lastedQuarters(packed, at) * QUARTER_HOUR_MS,
      startHour: byte(packed, at + 8) / QUARTERS_AN_HOUR,
      isDayOff: (before & DAY_OFF) !== 0,
      hoursOfUseBefore: before & ~DAY_OFF,
    };
  });
}

/** How many there are. */
export function pauseCount(packed: PackedPauses): number {
  return packed.length / PAUSE_BYTES;
}

/** When the first of them began, in milliseconds; undefined where there is none. */
export function firstPauseMs(packed: PackedPauses): number | undefined {
  return packed.length === 0 ? undefined : startMsOf(packed, 0);
}

/** Those that were shown to be over after `fromMs` and by `untilMs`: a view, not a copy. */
export function pausesShown(packed: PackedPauses, fromMs: number, untilMs: number): PackedPauses {
  return packed.subarray(endOfShown(packed, fromMs), endOfShown(packed, untilMs));
}

/** Those of which it is so. */
export function pausesWhere(
  packed: PackedPauses,
  isSo: (pause: Pick<DatedPause, 'startMs' | 'lastedMs'>) => boolean,
): PackedPauses {
  const kept = new Uint8Array(packed.length);
  let length = 0;
  for (let at = 0; at < packed.length; at += PAUSE_BYTES) {
    const lastedMs = lastedQuarters(packed, at) * QUARTER_HOUR_MS;
    if (!isSo({ startMs: startMsOf(packed, at), lastedMs })) continue;
    kept.set(packed.subarray(at, at + PAUSE_BYTES), length);
    length += PAUSE_BYTES;
  }
  return kept.subarray(0, length);
}

/** One row after the other. */
export function joinPacked(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0 || second.length === 0) return first.length === 0 ? second : first;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Calls `weigh` with each pause: the quarter of its day at which it began, its length in quarters, its hours of use before. */
export function eachPause(
  packed: PackedPauses,
  weigh: (startQuarter: number, lasted: number, hoursOfUseBefore: number, isDayOff: boolean) => void,
): void {
  for (let at = 0; at < packed.length; at += PAUSE_BYTES) {
    const before = byte(packed, at + 9);
    weigh(byte(packed, at + 8), lastedQuarters(packed, at), before & ~DAY_OFF, before >= DAY_OFF);
  }
}

/** The position after the last pause that was shown to be over by a moment. */
function endOfShown(packed: PackedPauses, atMs: number): number {
  return PAUSE_BYTES * firstPosition(pauseCount(packed), (i) => shownMsOf(packed, i * PAUSE_BYTES) > atMs);
}

function startMsOf(packed: PackedPauses, at: number): number {
  return (uint16(packed, at) + uint16(packed, at + 2) * (UINT16_MAX + 1)) * QUARTER_HOUR_MS;
}

function shownMsOf(packed: PackedPauses, at: number): number {
  return startMsOf(packed, at) + uint16(packed, at + 4) * QUARTER_HOUR_MS;
}

function lastedQuarters(packed: PackedPauses, at: number): number {
  return uint16(packed, at + 6);
}

function uint16(packed: Uint8Array, at: number): number {
  return byte(packed, at) | (byte(packed, at + 1) << 8);
}

function byte(packed: Uint8Array, at: number): number {
  return packed[at] ?? 0;
}
