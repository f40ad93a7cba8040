import { recordAlertEvents } from '../db/alert-events.ts';
import type { HoldReason } from '../db/outbox-holds.ts';
import type { OwedText } from '../db/owed-texts.ts';
import type { Db } from '../db/sql.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
import type { HeldText } from './plan-batch.ts';

/** What the timeline can say of a text. */
export type TextEvent =
  'text_sent' | 'text_delivered' | 'text_failed' | 'text_unknown' | 'text_postponed' | 'text_held' | 'text_rerouted';

export interface TextEventDetail {
  readonly gateway?: string | undefined;
  readonly parts?: number | undefined;
  readonly cause?: FailureCause | undefined;
  /** The gateway's own code. */
  readonly code?: string | undefined;
  /** Why a text waits, and until when. */
  readonly held?: HoldReason;
  readonly until?: Date;
}

/** Whose text it was and why it was sent. */
type Subject = Pick<OwedText, 'alertId' | 'personId' | 'role' | 'intent' | 'step'>;

/**
 * Puts the fates of texts on the timelines of their alerts: with neither phone nor wording. Of a text that belongs to no
 * alert its deliveries tell.
 */
export function recordTextEvents(
  tx: Db,
  type: TextEvent,
  texts: readonly { readonly text: Subject; readonly detail: TextEventDetail }[],
  at: Date,
): Promise<void> {
  return recordAlertEvents(
    tx,
    texts.flatMap(({ text: { alertId, personId, role, intent, step }, detail }) =>
      alertId === null ? [] : [{ alertId, at, type, personId, detail: { role, intent, step, ...detail } }],
    ),
  );
}

/** Puts the one fate of some texts, mostly of one message, on the timelines of their alerts. */
export function recordTextEvent(
  tx: Db,
  type: TextEvent,
  texts: readonly Subject[],
  at: Date,
  detail: TextEventDetail,
): Promise<void> {
  return recordTextEvents(
    tx,
    type,
    texts.map((text) => ({ text, detail })),
    at,
  );
}

/** The timeline hears once that a text waits, and not each time that it is looked at. */
export function recordHolds(tx: Db, held: readonly HeldText[], at: Date): Promise<void> {
  const fresh = held.filter(({ text }) => text.heldFor === null);
  const events = fresh.map(({ text, reason, until }) => ({ text, detail: { held: reason, until } }));
  return recordTextEvents(tx, 'text_held', events, at);
}
