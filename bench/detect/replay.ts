import { firstWhere } from '../../src/domain/bisect.ts';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { DAY_MS } from '../../src/domain/time.ts';
import type { Delivery } from './arrivals.ts';
import type { Look } from './look.ts';
import type { Rule } from './rules/rule.ts';
import { LOOKBACK_MS } from './rules/our-rules.ts';

/** An alarm that somebody is told of. */
export interface Told {
  /** The first reading at which the condition held, by the meter's clock. */
  readonly beganMs: number;
  /** When the reading that told arrived. */
  readonly arrivesMs: number;
}

/** What is replayed. */
export interface Replayed {
  readonly deliveries: readonly Delivery[];
  /** All that will have arrived in the end. */
  readonly whole: Look;
  /** The same where some of it has not arrived yet. */
  readonly lookAt: (known: readonly RegisterReading[]) => Look;
}

/** A hole further back than this changes nothing that is judged now. */
const WINDOW_MS = LOOKBACK_MS + 2 * DAY_MS;

/**
 * Replays deliveries in the order of their coming, and asks each rule at each of them, as the service does: somebody is
 * told of an alarm when it holds at the newest reading, once for as long as it holds, from the reading on at which it
 * began.
 *
 * @param asked by rule: whether to go on asking it.
 */
export function replay(
  { deliveries, whole, lookAt }: Replayed,
  rules: readonly Rule[],
  { fromMs, tell }: { readonly fromMs: number; readonly tell: (rule: number, told: Told) => 'go on' | 'enough' },
): void {
  const arrived = arrivals(whole.readings);
  const watches = rules.map(({ sameForMs = -1 }) => ({ sameForMs, heldMs: -Infinity, isOver: false }));
  for (const { arrivesMs, readings } of deliveries) {
    const newest = arrived.newestAfter(readings);
    if (newest === undefined || newest.readAtMs <= fromMs) continue;
    const known = arrived.withHoles(WINDOW_MS);
    const look = known ? lookAt(known) : whole;
    const at = known ? known.length - 1 : newest.position;
    for (const [rule, watch] of watches.entries()) {
      if (watch.isOver || look.holds(rule, at) !== true) continue;
      const beganMs = beginning(look, rule, at, Math.max(fromMs, watch.heldMs));
      const isSame = beganMs <= watch.heldMs || newest.readAtMs - watch.heldMs <= watch.sameForMs;
      watch.heldMs = newest.readAtMs;
      if (!isSame) watch.isOver = tell(rule, { beganMs, arrivesMs }) === 'enough';
    }
    if (watches.every(({ isOver }) => isOver)) return;
  }
}

/** The first reading after `afterMs` from which on the condition was not seen to end; `afterMs` where it held then. */
function beginning(look: Look, rule: number, at: number, afterMs: number): number {
  let beganMs = look.readings[at]?.readAtMs ?? afterMs;
  for (let i = at - 1; i >= 1; i -= 1) {
    const holds = look.holds(rule, i);
    if (holds === false) return beganMs;
    const readAtMs = look.readings[i]?.readAtMs ?? afterMs;
    if (readAtMs <= afterMs) return holds ? afterMs : beganMs;
    if (holds) beganMs = readAtMs;
  }
  return beganMs;
}

/** Which of the readings have arrived. */
function arrivals(all: readonly RegisterReading[]) {
  const isHere = new Uint8Array(all.length);
  let newest = -1;
  let count = 0;
  const take = ({ readAtMs }: RegisterReading): boolean => {
    // Most readings are the one after the newest.
    const isNext = all[newest + 1]?.readAtMs === readAtMs;
    const place = isNext ? newest + 1 : firstWhere(all, (one) => one.readAtMs >= readAtMs);
    if (all[place]?.readAtMs !== readAtMs || isHere[place] === 1) return false;
    isHere[place] = 1;
    count += 1;
    newest = Math.max(newest, place);
    return true;
  };
  return {
    /** The newest of all when these have come too; undefined where none of them is new, or nothing was before it. */
    newestAfter(
      readings: readonly RegisterReading[],
    ): { readonly position: number; readonly readAtMs: number } | undefined {
      const isNews = readings.map(take).includes(true);
      const reading = all[newest];
      return isNews && reading && newest > 0 ? { position: newest, readAtMs: reading.readAtMs } : undefined;
    },
    /** What has arrived of the last time, where some of it has not; undefined where all has. */
    withHoles(windowMs: number): RegisterReading[] | undefined {
      if (count === newest + 1) return undefined;
      const first = firstWhere(all, ({ readAtMs }) => readAtMs > (all[newest]?.readAtMs ?? 0) - windowMs);
      const known = all.slice(first, newest + 1).filter((_, i) => isHere[first + i] === 1);
      return known.length === newest + 1 - first ? undefined : known;
    },
  };
}
