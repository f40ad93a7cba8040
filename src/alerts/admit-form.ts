import { countAttempt } from '../db/attempt-counts.ts';
import { attemptWindowOf, MOST_FORMS_OF_A_LINK } from '../domain/alerting/code-limits.ts';
import type { AlertDeps } from './alert-deps.ts';

/** Whether one more form is taken from a link: every one counts, and no person sends thirty in ten minutes. */
export async function admitForm({ pool, clock }: AlertDeps, tokenHash: Buffer): Promise<boolean> {
  const subjects = [{ subject: 'link', subjectHash: tokenHash } as const];
  const [count] = await countAttempt(pool, subjects, attemptWindowOf(clock.now()));
  return (count?.attempts ?? 0) <= MOST_FORMS_OF_A_LINK;
}
