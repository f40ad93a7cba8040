import {
  type AlertHold,
  alertTraffic,
  headOfQueue,
  type NewHold,
  openHolds,
  outagesHolding,
  saveHolds,
} from '../../db/alert-holds.ts';
import type { Db } from '../../db/sql.ts';
import type { Evidence } from '../../domain/alerting/finding.ts';
import { type AreaPolicy, mostAlertsAnHour } from '../../domain/area/area-policy.ts';
import { decideHold } from '../../domain/area/decide-hold.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import { isPublicHoliday } from './holidays.ts';

/** A home for which an alert would be opened now. */
export interface Candidate {
  readonly householdId: number;
  readonly tier: 1 | 2 | 3;
  /** What would be told, of each finding; never empty. */
  readonly evidence: readonly Evidence[];
}

/** Which homes wait and until when they are looked at again, and since when those that go ahead have waited. */
export interface HeldBack {
  readonly lookAgainAt: ReadonlyMap<number, Date>;
  readonly heldSince: ReadonlyMap<number, Date>;
}

/** Whoever queues is looked at this often: a place may have become free, or water may run again. */
const QUEUE_LOOK_MS = 10 * MINUTE_MS;

/**
 * Decides which alerts wait: those that an outage or works of their area may explain, and those beyond what can be looked
 * after in an hour, the highest tier and the longest without water first. Each wait is a row with a deadline.
 */
export async function holdBack(
  db: Db,
  candidates: readonly Candidate[],
  policy: AreaPolicy,
  at: Date,
): Promise<HeldBack> {
  if (candidates.length === 0) return { lookAgainAt: new Map(), heldSince: new Map() };
  const ids = candidates.map(({ householdId }) => householdId);
  const standing = byHome(await openHolds(db, ids));
  const outages = byHome(await outagesHolding(db, ids, at));
  const admitted = await admit(db, candidates, policy, at);
  const isHoliday = isPublicHoliday(at, policy.holidays);
  const holds = candidates.flatMap((candidate): NewHold[] => {
    const { householdId, tier } = candidate;
    const outage = candidate.evidence.every(isExplicable) ? outages.get(householdId) : undefined;
    const hold = standing.get(householdId);
    const hasRoom = admitted.has(householdId);
    const wait = decideHold({ tier, outageUntil: outage?.heldUntil, hold, hasRoom, isHoliday }, at, policy);
    return wait
      ? [
          {
            householdId,
            cause: wait.cause,
            outageId: outage?.outageId,
            tier,
            drySince: drySince(candidate),
            heldUntil: wait.until,
          },
        ]
      : [];
  });
  if (holds.length > 0) await saveHolds(db, holds, at);
  return { lookAgainAt: looks(holds, at), heldSince: sinces(standing) };
}

/** Too little water may be the area's. Water that runs without end is not. */
function isExplicable({ detector }: Evidence): boolean {
  return detector !== 'running-water';
}

function drySince({ evidence }: Candidate): Date {
  return new Date(Math.min(...evidence.map(drySinceMs)));
}

/** Since when a home has been without water; for water that runs, since it was seen to. */
function drySinceMs(evidence: Evidence): number {
  if (evidence.detector === 'inactivity') return evidence.sinceMs;
  if (evidence.detector !== 'low-use') return evidence.asOfMs;
  return evidence.lastUseAtMs ?? evidence.asOfMs - evidence.windowHours * HOUR_MS;
}

/** The homes whose alert may be raised in this hour; whoever queues ahead of them takes a place first. */
async function admit(
  db: Db,
  candidates: readonly Candidate[],
  policy: AreaPolicy,
  at: Date,
): Promise<ReadonlySet<number>> {
  const { raised, homes } = await alertTraffic(db, new Date(at.getTime() - HOUR_MS), at);
  const room = Math.max(0, mostAlertsAnHour(policy, homes) - raised);
  const queue = new Map((await headOfQueue(db, at, room)).map((queued) => [queued.householdId, queued]));
  for (const candidate of candidates) {
    const { householdId, tier } = candidate;
    if (!queue.has(householdId)) queue.set(householdId, { householdId, tier, drySince: drySince(candidate) });
  }
  const inOrder = [...queue.values()].toSorted(
    (a, b) => a.tier - b.tier || a.drySince.getTime() - b.drySince.getTime() || a.householdId - b.householdId,
  );
  return new Set(inOrder.slice(0, room).map(({ householdId }) => householdId));
}

function looks(holds: readonly NewHold[], at: Date): ReadonlyMap<number, Date> {
  const soon = new Date(at.getTime() + QUEUE_LOOK_MS);
  return new Map(
    holds.map(({ householdId, cause, heldUntil }) => [
      householdId,
      cause === 'volume' && heldUntil > soon ? soon : heldUntil,
    ]),
  );
}

function sinces(standing: ReadonlyMap<number, AlertHold>): ReadonlyMap<number, Date> {
  return new Map([...standing.values()].map(({ householdId, heldAt }) => [householdId, heldAt]));
}

function byHome<Row extends { readonly householdId: number }>(rows: readonly Row[]): ReadonlyMap<number, Row> {
  return new Map(rows.map((row) => [row.householdId, row]));
}
