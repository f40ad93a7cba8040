import type { claimAlert } from '../../alerts/claim-alert.ts';
import type { recordVerification } from '../../alerts/record-verification.ts';
import type { Page } from '../page.ts';
import type { VisitDeps } from './load-visit.ts';

/** What the pages behind the links need. */
export interface VerificationDeps extends VisitDeps {
  /** "I am on my way". Throws AppError `alert_transition_refused` when the alert takes no claim. */
  readonly claim: (claim: Parameters<typeof claimAlert>[1]) => Promise<void>;
  /** Records an answer. Throws AppError `alert_transition_refused` when the alert is closed. */
  readonly verify: (answer: Parameters<typeof recordVerification>[1]) => Promise<void>;
  /** As the operator wrote them, separated by spaces: `120 110 119`. */
  readonly emergencyNumbers: string;
}

/** What a request is answered with: a page, or the way to another one. */
export type PageAnswer = { readonly status: number; readonly page: Page } | { readonly seeOther: string };
