import type { Db } from '../db/sql.ts';
import type { StoredAlert } from '../db/alerts.ts';
import { lastAnswerOf, type Verification } from '../db/verifications.ts';
import { minutesLater } from '../domain/alerting/alert-shape.ts';
import { CORRECTABLE_FOR_MINUTES } from '../domain/alerting/answers.ts';

/**
 * Whether an answer to an open alert is the one that its person has given last, sent once more. Whoever has set out for
 * the home since, or answers after somebody else has, says something new by the same words.
 */
export async function isRepeat(db: Db, alert: StoredAlert, given: Verification, at: Date): Promise<boolean> {
  if (alert.state === 'closed') return false;
  if (alert.acknowledgements.some(({ by }) => by === given.personId)) return false;
  const last = await lastAnswerOf(db, given.alertId, given.personId);
  if (!last?.isNewest || minutesLater(last.answeredAt, CORRECTABLE_FOR_MINUTES) < at) return false;
  return (
    last.outcome === given.outcome &&
    last.method === given.method &&
    last.cause === given.cause &&
    last.awayUntil?.getTime() === given.awayUntil?.getTime() &&
    last.note === given.note
  );
}
