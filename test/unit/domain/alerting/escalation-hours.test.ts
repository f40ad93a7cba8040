import { describe, expect, it } from 'vitest';
import { type DutyShift, onDuty } from '../../../../src/domain/alerting/duty-rota.ts';
import { DEFAULT_ESCALATION_POLICY as policy } from '../../../../src/domain/alerting/escalation-policy.ts';
import { type EscalationHours, policyAt } from '../../../../src/domain/alerting/escalation-variant.ts';
import { standInFor } from '../../../../src/domain/alerting/stand-ins.ts';
import { wallTimeAt } from '../../../../src/domain/wall-time.ts';

const VIENNA = 'Europe/Vienna';
const at = (text: string, zone = VIENNA) => wallTimeAt(new Date(text), zone);

describe('the clock on the wall', () => {
  it('shows nine at nine before and after the clocks are changed', () => {
    expect(at('2026-03-28T08:00:00Z')).toEqual({ date: '2026-03-28', minute: 540, weekday: 6 });
    expect(at('2026-03-29T07:00:00Z')).toEqual({ date: '2026-03-29', minute: 540, weekday: 7 });
    expect(at('2026-10-25T08:00:00Z')).toEqual({ date: '2026-10-25', minute: 540, weekday: 7 });
  });

  it('leaves out the hour that spring skips and shows twice the one that autumn repeats', () => {
    expect([at('2026-03-29T00:59:00Z'), at('2026-03-29T01:00:00Z')].map(({ minute }) => minute)).toEqual([119, 180]);
    expect([at('2026-10-25T00:30:00Z'), at('2026-10-25T01:30:00Z')].map(({ minute }) => minute)).toEqual([150, 150]);
  });

  it('shows midnight as the first minute of the new day', () => {
    expect(at('2026-03-01T16:00:00Z', 'Asia/Shanghai')).toEqual({ date: '2026-03-02', minute: 0, weekday: 1 });
  });
});

describe('the steps of the night', () => {
  const night = { ...policy, name: 'night' };
  const nameAt = (when: EscalationHours, text: string, dayKind: 'workday' | 'weekend' | 'holiday' = 'workday') =>
    policyAt({ policy, variants: [{ when, policy: night }] }, at(text), dayKind).name;
  const hours = { fromMinute: 22 * 60, untilMinute: 6 * 60 };

  it('hold from ten to six, also on the nights on which the clocks are changed', () => {
    expect(nameAt(hours, '2026-03-28T20:59:00Z')).toBe('default');
    expect(nameAt(hours, '2026-03-28T21:00:00Z')).toBe('night');
    expect(nameAt(hours, '2026-03-29T03:59:00Z')).toBe('night');
    expect(nameAt(hours, '2026-03-29T04:00:00Z')).toBe('default');
    expect(nameAt(hours, '2026-10-25T01:30:00Z')).toBe('night');
    expect(nameAt(hours, '2026-10-25T04:59:00Z')).toBe('night');
    expect(nameAt(hours, '2026-10-25T05:00:00Z')).toBe('default');
  });

  it('may hold on some weekdays and kinds of day alone', () => {
    expect(nameAt({ weekdays: [6, 7] }, '2026-03-28T10:00:00Z')).toBe('night');
    expect(nameAt({ weekdays: [6, 7] }, '2026-03-30T10:00:00Z')).toBe('default');
    expect(nameAt({ days: ['holiday'] }, '2026-03-30T10:00:00Z', 'holiday')).toBe('night');
    expect(nameAt({ days: ['holiday'] }, '2026-03-30T10:00:00Z', 'workday')).toBe('default');
  });
});

describe('the rota of a duty desk', () => {
  const shift = (personId: number, day: number | string, from: number, until: number): DutyShift => ({
    personId,
    weekday: typeof day === 'number' ? day : null,
    date: typeof day === 'number' ? null : day,
    fromMinute: from * 60,
    untilMinute: until * 60,
  });
  const week = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [shift(1, day, 8, 20), shift(2, day, 20, 8)]);
  const who = (shifts: readonly DutyShift[], date: string, hour: number) =>
    onDuty(shifts, { date, minute: hour * 60, weekday: 0 });

  it('lasts over midnight into the next day', () => {
    expect([7, 8, 19, 20, 23, 3].map((hour) => who(week, '2026-02-16', hour))).toEqual([[2], [1], [1], [2], [2], [2]]);
  });

  it('gives way on a holiday to the shifts of that date, and so does a swap', () => {
    const festival = [...week, shift(3, '2026-02-17', 0, 24)];
    expect(who(festival, '2026-02-17', 12)).toEqual([3]);
    // The night before the holiday lasts into it.
    expect(who(festival, '2026-02-17', 3)).toEqual([2, 3]);
    expect(who(festival, '2026-02-18', 3)).toEqual([]);
    expect(who(festival, '2026-02-18', 12)).toEqual([1]);
  });
});

describe('whoever is away', () => {
  it('is stood in for by their substitute, or the substitute’s, and by nobody when all are away', () => {
    const away = (personId: number, substituteId: number | null) => ({ personId, substituteId });
    expect(standInFor(1, [])).toBe(1);
    expect(standInFor(1, [away(1, 2)])).toBe(2);
    expect(standInFor(1, [away(1, 2), away(2, 3)])).toBe(3);
    expect(standInFor(1, [away(1, null)])).toBeUndefined();
    expect(standInFor(1, [away(1, 2), away(2, 1)])).toBeUndefined();
  });
});
