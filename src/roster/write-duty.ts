import {
  deleteOtherLeaves,
  deleteOtherShifts,
  insertLeaves,
  insertShifts,
  type LeaveToWrite,
} from '../db/roster-duty.ts';
import type { Db } from '../db/sql.ts';
import { startOfLocalDay } from '../domain/local-day.ts';
import type { ChangeCounts } from './count-changes.ts';
import type { ParsedRoster } from './parse-roster.ts';

/** Writes who is away and who stands in. The file has the last word on everybody it names. */
export async function writeLeave(tx: Db, rows: ParsedRoster['leave']['rows'], timeZone: string): Promise<ChangeCounts> {
  const leaves = rows.map(({ phone, from, back, substitute }): LeaveToWrite => ({
    phone,
    awayFrom: momentOf(from, timeZone),
    awayUntil: momentOf(back, timeZone),
    substitute: substitute ?? null,
  }));
  const removed = await deleteOtherLeaves(tx, leaves);
  return counted(rows.length, removed, await insertLeaves(tx, leaves));
}

/** Writes who is on duty when. The file has the last word on every community it names. */
export async function writeRota(tx: Db, rows: ParsedRoster['rota']['rows']): Promise<ChangeCounts> {
  const shifts = rows.map(({ community, day, from, until, phone }) => ({
    community,
    weekday: typeof day === 'number' ? day : null,
    date: typeof day === 'number' ? null : day,
    fromMinute: from,
    untilMinute: until,
    phone,
  }));
  const removed = await deleteOtherShifts(tx, shifts);
  return counted(rows.length, removed, await insertShifts(tx, shifts));
}

/** The moment that a cell means: a day begins at midnight in `timeZone`. */
export function momentOf(dayOrInstant: string, timeZone: string): Date {
  return dayOrInstant.length === 10 ? startOfLocalDay(dayOrInstant, timeZone) : new Date(dayOrInstant);
}

function counted(total: number, removed: number, added: number): ChangeCounts {
  return { added, changed: 0, removed, unchanged: total - added };
}
