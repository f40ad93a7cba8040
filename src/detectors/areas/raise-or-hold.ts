import type { Raise } from '../../alerts/open-alerts.ts';
import { raiseAlerts } from '../../alerts/raise-alert.ts';
import { homesWithOpenAlert, releaseHolds } from '../../db/alert-holds.ts';
import { DEFAULT_AREA_POLICY } from '../../domain/area/area-policy.ts';
import type { DetectorDeps } from '../detector-deps.ts';
import type { OpenFinding } from '../reconcile-findings.ts';
import { policyOf, type Tier } from '../tier-policy.ts';
import { holdBack } from './hold-back.ts';

/** A home that was judged, with the findings that are open now. */
export interface FoundOfHome {
  readonly householdId: number;
  readonly tier: Tier;
  readonly communities: readonly string[];
  readonly open: readonly OpenFinding[];
}

export interface Raised {
  readonly alertsOpened: number;
  /** The homes whose alert waits, and when each must be judged again. */
  readonly lookAgainAt: ReadonlyMap<number, Date>;
}

/**
 * Raises alerts on what was found, or lets them wait where their area is out or more come than can be looked after.
 *
 * Only what is still true is told: readings of last week that come today open findings, but nobody is woken for them. A
 * home whose alert is open already waits for nothing. `judgedIds` are all homes that were judged: the holds of those
 * that need none any more end.
 */
export async function raiseOrHold(
  deps: DetectorDeps,
  judgedIds: readonly number[],
  found: readonly FoundOfHome[],
): Promise<Raised> {
  const { pool, clock, areas = DEFAULT_AREA_POLICY } = deps;
  const at = clock.now();
  const untold = found.map((home) => ({
    ...home,
    findings: home.open.filter(({ alertId, isTellable }) => isTellable && alertId === undefined),
  }));
  const telling = untold.filter(({ findings }) => findings.length > 0);
  const joining = await homesWithOpenAlert(
    pool,
    telling.map(({ householdId }) => householdId),
  );
  const candidates = telling
    .filter(({ householdId }) => !joining.has(householdId))
    .map(({ householdId, tier, findings }) => ({
      householdId,
      tier,
      evidence: findings.map(({ evidence }) => evidence),
    }));
  const { lookAgainAt, heldSince } = await holdBack(pool, candidates, areas, at);
  const raises = telling
    .filter(({ householdId }) => !lookAgainAt.has(householdId))
    .flatMap(({ findings, ...home }) => findings.map((finding) => raiseOf(deps, home, finding, heldSince)));
  const alertsOpened = await raiseAlerts(deps, raises);
  const free = judgedIds.filter((id) => !lookAgainAt.has(id));
  if (free.length > 0) await releaseHolds(pool, free, at);
  return { alertsOpened, lookAgainAt };
}

function raiseOf(
  { policies }: DetectorDeps,
  home: Omit<FoundOfHome, 'open'>,
  { findingId, detectorVersion, evidence }: OpenFinding,
  heldSince: ReadonlyMap<number, Date>,
): Raise {
  const { householdId } = home;
  const { escalation: policy, escalationVariants: variants } = policyOf(policies, home);
  return { findingId, householdId, detectorVersion, evidence, policy, variants, heldSince: heldSince.get(householdId) };
}
