import { allShifts, type ShiftOfCommunity } from '../db/duty-shifts.ts';
import type { Db } from '../db/sql.ts';
import { onDuty } from '../domain/alerting/duty-rota.ts';
import { DAY_MS, MINUTE_MS } from '../domain/time.ts';
import { clockText, wallTimeAt } from '../domain/wall-time.ts';
import { DAYS_AHEAD } from './audit-coverage.ts';

/** A stretch of the coming week for which a rota has nobody. */
export interface EmptySlot {
  /** The code of the community whose rota it is. */
  readonly community: string;
  /** Date and time by the clocks there: `2026-02-17 08:00`. */
  readonly from: string;
  readonly until: string;
  readonly fromAt: Date;
  /** Whether it may have begun before the week that was looked at. */
  readonly isEmptyNow: boolean;
}

const STEP_MS = 15 * MINUTE_MS;

/** The slots of the coming week in which nobody is on duty though the community has a rota. They fall to other staff. */
export async function auditRota(db: Db, at: Date, timeZone: string): Promise<EmptySlot[]> {
  const shifts = await allShifts(db, timeZone);
  const communities = new Set(shifts.map(({ code }) => code));
  return [...communities].flatMap((community) =>
    emptySlots(
      community,
      shifts.filter(({ code }) => code === community),
      at,
    ),
  );
}

function emptySlots(community: string, shifts: readonly ShiftOfCommunity[], at: Date): EmptySlot[] {
  const slots: { from: string; until: string; fromAt: Date; isEmptyNow: boolean }[] = [];
  const zone = shifts[0]?.timeZone ?? 'UTC';
  let wasEmpty = false;
  const firstMs = Math.ceil(at.getTime() / STEP_MS) * STEP_MS;
  for (let atMs = firstMs; atMs < firstMs + DAYS_AHEAD * DAY_MS; atMs += STEP_MS) {
    const isEmpty = onDuty(shifts, wallTimeAt(new Date(atMs), zone)).length === 0;
    const shown = shownAt(atMs, zone);
    if (isEmpty && !wasEmpty) {
      slots.push({ from: shown, until: shown, fromAt: new Date(atMs), isEmptyNow: atMs === firstMs });
    }
    const open = slots.at(-1);
    if (isEmpty && open) open.until = shownAt(atMs + STEP_MS, zone);
    wasEmpty = isEmpty;
  }
  return slots.map((slot) => ({ community, ...slot }));
}

function shownAt(atMs: number, timeZone: string): string {
  const { date, minute } = wallTimeAt(new Date(atMs), timeZone);
  return `${date} ${clockText(minute)}`;
}

/** An empty slot as a line of text. */
export function describeSlot({ community, from, until }: EmptySlot): string {
  return `nobody is on duty at ${community} from ${from} until ${until}`;
}
