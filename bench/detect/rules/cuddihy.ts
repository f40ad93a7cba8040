import { isExcused } from '../../../src/detectors/detector.ts';
import { firstWhere } from '../../../src/domain/bisect.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';
import { ABSENCE_MS, type PastUse, sinceLastUse } from '../past-use.ts';
import type { Rule } from './rule.ts';

const SLOT_MS = HOUR_MS / 2;
const SLOTS = 48;
const PAST_VALUES = 60;
const LEAST_VALUES = 14;
const PERCENTILE = 0.97;
const UNIFORM_BUFFER = 0.3;
const VARIABLE_BUFFER = 0.4;
const VARIABLE_WEIGHTS = [1, 2, 3, 2, 1] as const;
const NEIGHBOURS = [-2, -1, 0, 1, 2] as const;

/**
 * Cuddihy, Weisenberg, Graichen and Ganesh 2007 (doi:10.1145/1248054.1248081), on hourly water.
 *
 * For each half-hour of the day m is the 97th percentile of how long nothing had happened by then, over the last 60
 * days. The alert line is the greatest m of two slots to both sides, plus 30 % of the slot's own m, plus 40 % of the
 * mean m around it with the weights 1 2 3 2 1. Parameters as Wilhelm and Wahl give them in their comparison (2024). A
 * pause counts among the past when it is over; an absence does not count, or nobody would be found for two months after.
 */
export const cuddihy: Rule = {
  name: 'Cuddihy 2007',
  listensFor: ['stillness'],
  lookOver: ({ home, past }) => {
    const intervals = home.meters[0]?.intervals ?? [];
    const marks = marksOf(past);
    return (atMs) => {
      if (isExcused(home, ['absence'], atMs, atMs)) return false;
      const last = sinceLastUse(intervals, atMs);
      if (!last) return undefined;
      if (last.ageMs === 0) return false;
      const line = marks.alertLineHours(last.lastUseMs, slotAt(past, atMs));
      return line === undefined ? undefined : last.ageMs / HOUR_MS > line;
    };
  },
};

/** How long nothing had happened at a half-hour mark of the past, and when that pause was over. */
interface Mark {
  readonly knownMs: number;
  readonly hours: number;
}

/** The marks by their place in the day. */
interface Marks {
  /** The line at a slot, given what was over at a moment; undefined where too little is known. */
  readonly alertLineHours: (knownMs: number, slot: number) => number | undefined;
}

const known = new WeakMap<PastUse, Marks>();

function marksOf(past: PastUse): Marks {
  let marks = known.get(past);
  if (!marks) known.set(past, (marks = readMarks(past)));
  return marks;
}

function readMarks(past: PastUse): Marks {
  const bySlot = Array.from({ length: SLOTS }, (): Mark[] => []);
  for (const { fromMs, untilMs } of past.pauses) {
    if (untilMs - fromMs > ABSENCE_MS) continue;
    for (let atMs = Math.ceil((fromMs + 1) / SLOT_MS) * SLOT_MS; atMs <= untilMs; atMs += SLOT_MS) {
      bySlot[slotAt(past, atMs)]?.push({ knownMs: untilMs, hours: (atMs - fromMs) / HOUR_MS });
    }
  }
  const high = new Map<number, number | undefined>();
  const highOf = (day: number, slot: number) => {
    const key = day * SLOTS + slot;
    if (!high.has(key)) high.set(key, highValue(bySlot[slot] ?? [], day * DAY_MS));
    return high.get(key);
  };
  return {
    alertLineHours: (knownMs, slot) => {
      const day = Math.floor(knownMs / DAY_MS);
      const own = highOf(day, slot);
      if (own === undefined) return undefined;
      const around = NEIGHBOURS.map((step) => highOf(day, (slot + step + SLOTS) % SLOTS) ?? own);
      const variable = around.reduce<number>((sum, m, i) => sum + m * (VARIABLE_WEIGHTS[i] ?? 0), 0) / 9;
      return Math.max(...around) + UNIFORM_BUFFER * own + VARIABLE_BUFFER * variable;
    },
  };
}

/** The high percentile of the last values that were known by then; undefined of too few. */
function highValue(values: readonly Mark[], knownMs: number): number | undefined {
  const end = firstWhere(values, (value) => value.knownMs > knownMs);
  const hours = values.slice(Math.max(0, end - PAST_VALUES), end).map((value) => value.hours);
  if (hours.length < LEAST_VALUES) return undefined;
  return hours.sort((a, b) => a - b)[Math.floor(hours.length * PERCENTILE)];
}

function slotAt({ clock }: PastUse, atMs: number): number {
  return Math.floor((clock.shownAt(atMs) % DAY_MS) / SLOT_MS);
}
