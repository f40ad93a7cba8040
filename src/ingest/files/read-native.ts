import { err, type Result } from '../../core/result.ts';
import type { DecodedMessage, Rejection, TopicIdentity } from '../decoders/decoder.ts';
import { nativeJson } from '../decoders/native-json.ts';

/** The topic that a meter itself would publish its readings to. */
export function topicOf(serial: string): string {
  return `meters/${serial}/readings`;
}

/** Reads a native message of the meter as if the meter had published it. */
export function readNative(serial: string, payload: Uint8Array, receivedAt: Date): Result<DecodedMessage, Rejection> {
  const identity: TopicIdentity | undefined = nativeJson.identify(topicOf(serial));
  if (identity?.serial !== serial) return mismatch('meter: expected up to 64 letters, digits or . _ : -');
  return nativeJson.decode(identity, payload, receivedAt);
}

/** A line that is not what it should be. */
export function mismatch(detail: string): Result<never, Rejection> {
  return err({ reason: 'schema_mismatch', detail });
}
