import { AppError } from '../../core/errors.ts';
import { loadVisit, type Visit, type VisitDeps } from './load-visit.ts';

/**
 * How the alert stands now that it has refused something: somebody else was faster.
 *
 * @throws the error itself when it is no refusal.
 */
export async function visitAfterRefusal(deps: VisitDeps, visit: Visit, error: unknown): Promise<Visit> {
  const isRefusal = error instanceof AppError && error.code === 'alert_transition_refused';
  if (!isRefusal) throw error;
  const now = await loadVisit(deps, visit.token, visit.language);
  return now.kind === 'standing' ? now : visit;
}
