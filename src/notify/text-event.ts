import { recordAlertEvent } from '../db/alert-events.ts';
import type { OwedText } from '../db/owed-texts.ts';
import type { Db } from '../db/sql.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';

/** What the timeline can say of a text. */
export type TextEvent = 'text_sent' | 'text_delivered' | 'text_failed' | 'text_unknown' | 'text_postponed';

export interface TextEventDetail {
  readonly gateway?: string | undefined;
  readonly parts?: number | undefined;
  readonly cause?: FailureCause | undefined;
  /** The gateway's own code. */
  readonly code?: string | undefined;
}

/**
 * Puts a text's fate on the alert's timeline: whose text it was and why it was sent, but neither phone nor wording. Of a
 * text that belongs to no alert its deliveries tell.
 */
export async function recordTextEvent(
  tx: Db,
  type: TextEvent,
  text: Pick<OwedText, 'alertId' | 'personId' | 'role' | 'intent' | 'step'>,
  at: Date,
  detail: TextEventDetail,
): Promise<void> {
  const { alertId, personId, role, intent, step } = text;
  if (alertId === null) return;
  await recordAlertEvent(tx, { alertId, at, type, personId, detail: { role, intent, step, ...detail } });
}
