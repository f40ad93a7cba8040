import { recordAlertEvent } from '../db/alert-events.ts';
import { noteFirstOpening } from '../db/link-openings.ts';
import { inTransaction } from '../db/sql.ts';
import type { AlertDeps } from './alert-deps.ts';

export interface Opening {
  readonly alertId: number;
  readonly personId: number;
  readonly linkId: number;
}

/**
 * Puts on the timeline that the page behind a link was opened for the first time. It changes nothing about the alert:
 * whether it was the person or a program that looks at links, nobody knows. A page is shown also when this fails.
 */
export async function noteOpening(
  { pool, clock, log }: AlertDeps,
  { alertId, personId, linkId }: Opening,
): Promise<void> {
  try {
    await inTransaction(pool, async (tx) => {
      const at = clock.now();
      if (!(await noteFirstOpening(tx, linkId, at))) return;
      await recordAlertEvent(tx, { alertId, at, type: 'page_opened', personId, detail: { linkId } });
    });
  } catch (error) {
    log.error({ err: error, alertId }, 'the opening of a link could not be written down');
  }
}
