import type { Contradiction } from '../../alerts/reopen-alert.ts';
import { visitAfterRefusal } from './after-refusal.ts';
import type { Visit } from './load-visit.ts';
import type { VerificationDeps } from './verification-deps.ts';

/**
 * Opens a closed alert again with an answer that contradicts its end. Where somebody else has done so a moment before,
 * the answer counts for the open one. Yields the alert that goes on.
 */
export async function contradict(deps: VerificationDeps, visit: Visit, answer: Contradiction): Promise<number> {
  try {
    const { alertId } = await deps.reopen(answer);
    return alertId;
  } catch (error) {
    await visitAfterRefusal(deps, visit, error);
    await deps.verify(answer);
    return answer.alertId;
  }
}
