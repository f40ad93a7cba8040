import { isWorthTelling, lastStop, leakNow } from '../domain/habit/leak.ts';
import type { IntervalConsumption } from '../domain/metering/interval-consumption.ts';
import type { TicketEvidence, TicketKind } from '../domain/metering/ticket.ts';
import type { HomeSeries } from './home-series.ts';

export interface MeterFault {
  readonly meterId: number;
  readonly kind: Extract<TicketKind, 'leak' | 'register_backward' | 'two_registers'>;
  readonly evidence: TicketEvidence & { readonly sinceMs: number };
}

/** A register that falls so often within days is two meters that send under one name. */
const FALLS_OF_TWO_REGISTERS = 3;

/** What the readings of a home say of its meters, by the newest reading of each. */
export function meterFaults({ meters }: Pick<HomeSeries, 'meters'>): MeterFault[] {
  return meters.flatMap(({ meterId, intervals }) => [...leakOf(meterId, intervals), ...fallsOf(meterId, intervals)]);
}

/** When water last stood still behind each of these meters, or fell by four fifths: leaks that began before ended then. */
export function stopsOfMeters(
  { meters }: Pick<HomeSeries, 'meters'>,
  meterIds: ReadonlySet<number>,
): { meterId: number; stoppedMs: number }[] {
  return meters
    .filter(({ meterId }) => meterIds.has(meterId))
    .flatMap(({ meterId, intervals }) => {
      const stoppedMs = lastStop(intervals);
      return stoppedMs === undefined ? [] : [{ meterId, stoppedMs }];
    });
}

function leakOf(meterId: number, intervals: readonly IntervalConsumption[]): MeterFault[] {
  const leak = leakNow(intervals);
  if (!leak || !isWorthTelling(leak)) return [];
  const { litresPerHour: figure, ...evidence } = leak;
  return [{ meterId, kind: 'leak', evidence: { figure, ...evidence } }];
}

function fallsOf(meterId: number, intervals: readonly IntervalConsumption[]): MeterFault[] {
  const falls = intervals.filter(({ kind }) => kind === 'new_segment');
  const newest = falls.at(-1);
  if (!newest) return [];
  const kind = falls.length >= FALLS_OF_TWO_REGISTERS ? 'two_registers' : 'register_backward';
  return [{ meterId, kind, evidence: { figure: falls.length, sinceMs: newest.toMs } }];
}
