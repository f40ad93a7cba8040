import { QUARTER_HOUR_MS } from '../time.ts';
import { firstPosition } from '../bisect.ts';
import { FLOW_HOURS, type HabitDay } from './habit-day.ts';

/**
 * Days in the order of time, fourteen bytes each, little-endian: start in quarters of an hour (u32), litres (u16), known
 * hours, hours of use, and a flow (u16) for each of `FLOW_HOURS`.
 */
export type PackedDays = Uint8Array;

export const NO_DAYS: PackedDays = new Uint8Array(0);
const DAY_BYTES = 14;
const FLOWS_AT = 8;
const UINT16_MAX = 65_535;
const UINT8_MAX = 255;

/**
 * Packs days; more than 65 m³ on a day, or an hour, is cut to that. So are more than 255 known hours: a stretch without
 * readings in between belongs to the day in which it ends, however long it lasted.
 */
export function packDays(days: readonly HabitDay[]): PackedDays {
  const packed = new Uint8Array(days.length * DAY_BYTES);
  const view = new DataView(packed.buffer);
  days.forEach(({ startMs, litres, knownHours, hoursOfUse, greatestFlows }, i) => {
    const at = i * DAY_BYTES;
    view.setUint32(at, startMs / QUARTER_HOUR_MS, true);
    view.setUint16(at + 4, Math.min(UINT16_MAX, litres), true);
    view.setUint8(at + 6, Math.min(UINT8_MAX, knownHours));
    view.setUint8(at + 7, Math.min(UINT8_MAX, hoursOfUse));
    greatestFlows.forEach((flow, position) =>
      view.setUint16(at + FLOWS_AT + 2 * position, Math.min(UINT16_MAX, flow), true),
    );
  });
  return packed;
}

/** The days, each by itself. */
export function unpackDays(packed: PackedDays): HabitDay[] {
  const view = viewOf(packed);
  return Array.from({ length: packed.length / DAY_BYTES }, (_, i) => {
    const at = i * DAY_BYTES;
    return {
      startMs: view.getUint32(at, true) * QUARTER_HOUR_MS,
      litres: view.getUint16(at + 4, true),
      knownHours: view.getUint8(at + 6),
      hoursOfUse: view.getUint8(at + 7),
      greatestFlows: FLOW_HOURS.map((_hours, position) => view.getUint16(at + FLOWS_AT + 2 * position, true)),
    };
  });
}

/** Those that began at `fromMs` or later and before `beforeMs`: a view, not a copy. */
export function daysBetween(packed: PackedDays, fromMs: number, beforeMs: number): PackedDays {
  return packed.subarray(firstFrom(packed, fromMs), firstFrom(packed, beforeMs));
}

/** The greatest flow of these days over the hours at this position of `FLOW_HOURS`, in L/h; 0 where there is no day. */
export function greatestFlow(packed: PackedDays, position: number): number {
  const view = viewOf(packed);
  let greatest = 0;
  for (let at = FLOWS_AT + 2 * position; at < packed.length; at += DAY_BYTES) {
    greatest = Math.max(greatest, view.getUint16(at, true));
  }
  return greatest;
}

function firstFrom(packed: PackedDays, atMs: number): number {
  const view = viewOf(packed);
  const isFrom = (i: number) => view.getUint32(i * DAY_BYTES, true) * QUARTER_HOUR_MS >= atMs;
  return DAY_BYTES * firstPosition(packed.length / DAY_BYTES, isFrom);
}

function viewOf(packed: Uint8Array): DataView {
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
}
