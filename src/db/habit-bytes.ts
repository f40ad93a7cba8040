import type { HabitDay } from '../domain/habit/habit-day.ts';
import type { DatedPause } from '../domain/habit/home-habit.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts';

/** Raised whenever the bytes, or what they are worked out from, change: older rows are then built anew. */
export const HABIT_VERSION = 2;

const QUARTER_MS = 15 * MINUTE_MS;
const QUARTERS_AN_HOUR = HOUR_MS / QUARTER_MS;
const UINT16_MAX = 65_535;
const UINT8_MAX = 255;
const DAY_OFF = 0x80;

/** Start (u32), showing (u16 after the start) and length (u16) in quarters of an hour; start in the day; hours of use and day off. */
const PAUSE_BYTES = 10;
/** Start in quarters of an hour (u32), litres (u16), known hours, hours of use, three flows (u16). */
const DAY_BYTES = 14;

/** Pauses as bytes, ten each; what is longer than 22 months is cut to that. */
export function pausesToBytes(pauses: readonly DatedPause[]): Buffer {
  const bytes = Buffer.alloc(pauses.length * PAUSE_BYTES);
  pauses.forEach(({ startMs, shownMs, lastedMs, startHour, isDayOff, hoursOfUseBefore }, i) => {
    const at = i * PAUSE_BYTES;
    bytes.writeUInt32LE(startMs / QUARTER_MS, at);
    bytes.writeUInt16LE(Math.min(UINT16_MAX, Math.ceil((shownMs - startMs) / QUARTER_MS)), at + 4);
    bytes.writeUInt16LE(Math.min(UINT16_MAX, lastedMs / QUARTER_MS), at + 6);
    bytes.writeUInt8(startHour * QUARTERS_AN_HOUR, at + 8);
    bytes.writeUInt8(hoursOfUseBefore | (isDayOff ? DAY_OFF : 0), at + 9);
  });
  return bytes;
}

export function pausesFromBytes(bytes: Buffer): DatedPause[] {
  return Array.from({ length: bytes.length / PAUSE_BYTES }, (_, i) => {
    const at = i * PAUSE_BYTES;
    const startMs = bytes.readUInt32LE(at) * QUARTER_MS;
    const before = bytes.readUInt8(at + 9);
    return {
      startMs,
      shownMs: startMs + bytes.readUInt16LE(at + 4) * QUARTER_MS,
      lastedMs: bytes.readUInt16LE(at + 6) * QUARTER_MS,
      startHour: bytes.readUInt8(at + 8) / QUARTERS_AN_HOUR,
      isDayOff: (before & DAY_OFF) !== 0,
      hoursOfUseBefore: before & ~DAY_OFF,
    };
  });
}

/**
 * Days as bytes, fourteen each; more than 65 m³ on a day, or an hour, is cut to that. So are more than 255 known hours: a
 * stretch without readings in between belongs to the day in which it ends, however long it lasted.
 */
export function daysToBytes(days: readonly HabitDay[]): Buffer {
  const bytes = Buffer.alloc(days.length * DAY_BYTES);
  days.forEach(({ startMs, litres, knownHours, hoursOfUse, greatestFlows }, i) => {
    const at = i * DAY_BYTES;
    bytes.writeUInt32LE(startMs / QUARTER_MS, at);
    bytes.writeUInt16LE(Math.min(UINT16_MAX, litres), at + 4);
    bytes.writeUInt8(Math.min(UINT8_MAX, knownHours), at + 6);
    bytes.writeUInt8(Math.min(UINT8_MAX, hoursOfUse), at + 7);
    greatestFlows.forEach((flow, position) => bytes.writeUInt16LE(Math.min(UINT16_MAX, flow), at + 8 + 2 * position));
  });
  return bytes;
}

export function daysFromBytes(bytes: Buffer): HabitDay[] {
  return Array.from({ length: bytes.length / DAY_BYTES }, (_, i) => {
    const at = i * DAY_BYTES;
    return {
      startMs: bytes.readUInt32LE(at) * QUARTER_MS,
      litres: bytes.readUInt16LE(at + 4),
      knownHours: bytes.readUInt8(at + 6),
      hoursOfUse: bytes.readUInt8(at + 7),
      greatestFlows: [8, 10, 12].map((offset) => bytes.readUInt16LE(at + offset)),
    };
  });
}
