import { messageOf } from '../core/errors.ts';
import { err, type Result } from '../core/result.ts';
import type { DecodedMessage, Decoder, Rejection, TopicIdentity } from './decoders/decoder.ts';
import type { InterpretedMessage, ReceivedMessage } from './message.ts';
import { refuseTooOld } from './retention/refuse-too-old.ts';

/** A larger message is not read, only kept for a look. */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * Finds the format of a message by its topic and reads it; readings from before `takenFromMs` are refused. Whatever a
 * stranger sends, this does not throw.
 */
export function interpret(
  message: ReceivedMessage,
  decoders: readonly Decoder[],
  takenFromMs = -Infinity,
): InterpretedMessage {
  const read = refuseTooOld(decodeWith(decoders, message), takenFromMs);
  return read.ok
    ? { message, content: read.value, rejection: read.value.rejection }
    : { message, content: undefined, rejection: read.error };
}

function decodeWith(decoders: readonly Decoder[], message: ReceivedMessage): Result<DecodedMessage, Rejection> {
  if (message.payloadBytes > MAX_PAYLOAD_BYTES) {
    return err({ reason: 'too_large', detail: `${message.payloadBytes} bytes, ${MAX_PAYLOAD_BYTES} are read at most` });
  }
  for (const decoder of decoders) {
    const identity = decoder.identify(message.topic);
    if (identity !== undefined) return decodeSafely(decoder, identity, message);
  }
  return err({ reason: 'unknown_topic', detail: 'no format has a topic like this, or the serial in it is not one' });
}

/** A mistake in one decoder must not hold up the messages of everybody else. */
function decodeSafely(
  decoder: Decoder,
  identity: TopicIdentity,
  { payload, receivedAt }: ReceivedMessage,
): Result<DecodedMessage, Rejection> {
  try {
    return decoder.decode(identity, payload, receivedAt);
  } catch (error) {
    return err({ reason: 'decoder_failed', detail: messageOf(error) });
  }
}
