import { err, ok, type Result } from '../../core/result.ts';
import type { DecodedMessage, MessageSequence, Rejection } from './decoder.ts';
import type { TelegramContent } from './read-telegram.ts';

/** What a decoder answers: the content of the meter's telegram, or the reason why nothing of it counts. */
export function conclude(
  serial: string,
  { readings, flags, rejection }: TelegramContent,
  sequence?: MessageSequence,
): Result<DecodedMessage, Rejection> {
  const place = sequence && { sequence };
  if (readings.length > 0) return ok({ serial, readings, flags, ...place, ...(rejection && { rejection }) });
  return err({ ...(rejection ?? { reason: 'schema_mismatch', detail: 'no readings' }), ...place });
}
