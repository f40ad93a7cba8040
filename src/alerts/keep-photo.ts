import { recordAlertEvent } from '../db/alert-events.ts';
import { type CheckPhoto, insertCheckPhoto, photosBeside, type PhotoSender } from '../db/check-photos.ts';
import { inTransaction } from '../db/sql.ts';
import { MOST_PHOTOS } from '../domain/alerting/check-photo.ts';
import type { AlertDeps } from './alert-deps.ts';
import { existingAlert } from './existing-alert.ts';

/**
 * Keeps a photo that came with an answer, after the answer itself has been recorded. It changes nothing about the alert.
 * The same one sent again is kept once. Yields `too_many` when no more are kept of this person.
 *
 * @throws AppError `alert_not_found`
 */
export function keepPhoto(
  { pool, clock }: AlertDeps,
  sender: PhotoSender,
  photo: CheckPhoto,
): Promise<'kept' | 'too_many'> {
  const { alertId, personId, linkId } = sender;
  return inTransaction(pool, async (tx) => {
    // Whoever sends two at once is counted one after the other.
    await existingAlert(tx, alertId);
    const { others, isKept } = await photosBeside(tx, sender, photo);
    if (isKept) return 'kept';
    if (others >= MOST_PHOTOS) return 'too_many';
    const at = clock.now();
    const photoId = await insertCheckPhoto(tx, sender, photo, at);
    await recordAlertEvent(tx, { alertId, at, type: 'photo_added', personId, detail: { photoId, linkId } });
    return 'kept';
  });
}
