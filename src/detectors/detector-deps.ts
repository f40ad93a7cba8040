import type { RaiseDeps } from '../alerts/raise-alert.ts';
import type { AreaPolicy } from '../domain/area/area-policy.ts';
import type { TierPolicies } from './tier-policy.ts';

/** What a run of the detectors needs. */
export interface DetectorDeps extends RaiseDeps {
  readonly policies: TierPolicies;
  /** How outages are known and how long alerts may wait; the defaults when left out. */
  readonly areas?: AreaPolicy | undefined;
}

/** What a run did, in counts. */
export interface RunSummary {
  readonly homes: number;
  /** Homes that could not be judged. */
  readonly homesSetAside: number;
  readonly alertsOpened: number;
  readonly ticketsOpened: number;
}

export const NOTHING_DONE: RunSummary = { homes: 0, homesSetAside: 0, alertsOpened: 0, ticketsOpened: 0 };

/** The counts of two parts of a run, added up. */
export function addUp(a: RunSummary, b: RunSummary): RunSummary {
  return {
    homes: a.homes + b.homes,
    homesSetAside: a.homesSetAside + b.homesSetAside,
    alertsOpened: a.alertsOpened + b.alertsOpened,
    ticketsOpened: a.ticketsOpened + b.ticketsOpened,
  };
}
