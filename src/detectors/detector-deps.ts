import type { AlertDeps } from '../alerts/alert-deps.ts';
import type { TierPolicies } from './tier-policy.ts';

/** What a run of the detectors needs. */
export interface DetectorDeps extends AlertDeps {
  readonly policies: TierPolicies;
}

/** What a run did, in counts. */
export interface RunSummary {
  readonly homes: number;
  readonly alertsOpened: number;
  readonly ticketsOpened: number;
}
