import { err, ok, type Result } from '../../core/result.ts';
import type { DecodedMessage, Rejection } from '../decoders/decoder.ts';

/**
 * Takes out of what was understood the readings from before `takenFromMs`: they would be deleted again at once, and
 * nobody would know. What is left counts.
 */
export function refuseTooOld(
  decoded: Result<DecodedMessage, Rejection>,
  takenFromMs: number,
): Result<DecodedMessage, Rejection> {
  if (!decoded.ok || decoded.value.readings.every(({ readAtMs }) => readAtMs >= takenFromMs)) return decoded;
  const { readings: given, sequence, rejection } = decoded.value;
  const readings = given.filter(({ readAtMs }) => readAtMs >= takenFromMs);
  const which = given.length === 1 ? '' : `${given.length - readings.length} of ${given.length} readings: `;
  const detail = `${which}before ${new Date(takenFromMs).toISOString()}, from when on readings are taken`;
  const tooOld: Rejection = { reason: 'too_old', detail };
  if (readings.length === 0) return err({ ...tooOld, ...(sequence && { sequence }) });
  return ok({ ...decoded.value, readings, rejection: rejection ?? tooOld });
}
