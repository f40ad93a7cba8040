import { standingLeak } from '../domain/habit/base-flow.ts';
import type { HomeSeries } from './home-series.ts';

/** What is wrong with a meter or the pipes behind it; never a person's danger. */
export type FaultKind = 'leak' | 'register_backward' | 'two_registers';

export interface MeterFault {
  readonly meterId: number;
  readonly kind: FaultKind;
  /** For a leak, what runs by itself in whole litres an hour; for a register, how often it fell in the last days. */
  readonly figure: number;
}

/** A register that falls so often within days is two meters that send under one name. */
const FALLS_OF_TWO_REGISTERS = 3;

/** What the readings of a home say of its meters, by the newest reading of each. */
export function meterFaults({ meters }: Pick<HomeSeries, 'meters'>): MeterFault[] {
  return meters.flatMap(({ meterId, intervals }): MeterFault[] => {
    const litresPerHour = standingLeak(intervals);
    const falls = intervals.filter(({ kind }) => kind === 'new_segment').length;
    const fallen = falls >= FALLS_OF_TWO_REGISTERS ? 'two_registers' : 'register_backward';
    return [
      ...(litresPerHour > 0 ? [{ meterId, kind: 'leak' as const, figure: litresPerHour }] : []),
      ...(falls > 0 ? [{ meterId, kind: fallen as FaultKind, figure: falls }] : []),
    ];
  });
}
