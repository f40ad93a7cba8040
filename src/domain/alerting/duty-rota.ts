import { addDays } from '../local-day.ts';
import { type WallTime, weekdayOf } from '../wall-time.ts';

/** A stretch of duty, every week or on one date. */
export interface DutyShift {
  readonly personId: number;
  readonly weekday: number | null;
  /** `2026-02-17`: the shifts of a date take the place of those of its weekday. */
  readonly date: string | null;
  readonly fromMinute: number;
  /** Not later than `fromMinute`: the shift ends on the next day. */
  readonly untilMinute: number;
}

/** Who is on duty at a time on the wall: the people of today's shifts, and of those of yesterday that last into today. */
export function onDuty(shifts: readonly DutyShift[], { date, minute }: WallTime): number[] {
  const isOvernight = ({ fromMinute, untilMinute }: DutyShift) => untilMinute <= fromMinute;
  const today = shiftsOf(shifts, date).filter(
    (shift) => minute >= shift.fromMinute && (isOvernight(shift) || minute < shift.untilMinute),
  );
  const yesterday = shiftsOf(shifts, addDays(date, -1)).filter(
    (shift) => isOvernight(shift) && minute < shift.untilMinute,
  );
  return [...new Set([...yesterday, ...today].map(({ personId }) => personId))];
}

function shiftsOf(shifts: readonly DutyShift[], date: string): DutyShift[] {
  const dated = shifts.filter((shift) => shift.date === date);
  return dated.length > 0 ? dated : shifts.filter(({ weekday }) => weekday === weekdayOf(date));
}
