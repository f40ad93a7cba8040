import type { AlertDeps } from '../../alerts/alert-deps.ts';
import type { AreaPolicy } from '../../domain/area/area-policy.ts';

/** What looking after areas needs. */
export interface AreaDeps extends AlertDeps {
  readonly areas: AreaPolicy;
}
