import type { Result } from '../../core/result.ts';
import type { MeterFlag } from '../../domain/metering/meter-flag.ts';
import type { QuarantineReason } from '../../domain/metering/quarantine-reason.ts';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';

/** Why a message, or a part of it, was not understood. */
export interface Rejection {
  readonly reason: QuarantineReason;
  /** What exactly was wrong, for a person to read. */
  readonly detail: string;
}

/** What a message said. */
export interface DecodedMessage {
  readonly serial: string;
  readonly readings: readonly RegisterReading[];
  readonly flags: readonly MeterFlag[];
  /** Set when a part of the message was not understood: the rest counts, and the message is kept for a look. */
  readonly rejection?: Rejection;
}

/**
 * One format of one kind of sender. A new format is a file with one of these, and a line in `decoders.ts`.
 *
 * Decoders are pure: the same bytes at the same time give the same answer.
 */
export interface Decoder {
  /** What to subscribe to. */
  readonly topicFilter: string;
  /** The sender's identity by the topic; undefined for a topic that is not of this format. */
  readonly identify: (topic: string) => string | undefined;
  readonly decode: (topicIdentity: string, payload: Uint8Array, receivedAt: Date) => Result<DecodedMessage, Rejection>;
}
