import { HOUR_MS, MINUTE_MS } from '../time.ts';

/** How many texts may leave. */
export interface SendingCaps {
  /** To one number within an hour. */
  readonly perNumberAnHour: number;
  /** From the whole service within an hour. */
  readonly perHour: number;
  /** The share of `perHour`, 0 to 1, that is kept for emergencies and the homes most at risk. */
  readonly reserve: number;
}

export const CAP_WINDOW_MS = HOUR_MS;
const LOOK_AGAIN_MS = MINUTE_MS;

/** How many ordinary texts may still leave to the number now. */
export function roomForNumber({ perNumberAnHour }: SendingCaps, toNumber: readonly Date[]): number {
  return Math.max(0, perNumberAnHour - toNumber.length);
}

/** How many ordinary texts may still leave from the whole service now: the reserve is not theirs. */
export function roomInAll({ perHour, reserve }: SendingCaps, inAll: number): number {
  return Math.max(0, Math.floor(perHour * (1 - reserve)) - inAll);
}

/** When the number has room for one more text: as soon as the oldest that counts is an hour old. */
export function numberFreeAt({ perNumberAnHour }: SendingCaps, toNumber: readonly Date[], at: Date): Date {
  const oldestThatCounts = toNumber.at(-perNumberAnHour);
  const free = oldestThatCounts === undefined ? at.getTime() : oldestThatCounts.getTime() + CAP_WINDOW_MS;
  return new Date(Math.max(free, at.getTime() + LOOK_AGAIN_MS));
}

/** When to look again after the whole service ran out of room. */
export function serviceFreeAt(at: Date): Date {
  return new Date(at.getTime() + LOOK_AGAIN_MS);
}
