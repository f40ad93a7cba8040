import type { Result } from '../../core/result.ts';
import type { MeterFlag } from '../../domain/metering/meter-flag.ts';
import type { QuarantineReason } from '../../domain/metering/quarantine-reason.ts';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';

/** The place of a message in what its sender has sent, for those that want to hear that it is stored. */
export interface MessageSequence {
  /** As the broker's access rules know it: the name in the topic. */
  readonly sender: string;
  /** One unbroken count of the sender. A sender that lost count starts another stream. Empty where none is named. */
  readonly stream: string;
  /** Counts the messages of the stream, from 0. */
  readonly seq: number;
  /** The lowest number that the sender can still send again. */
  readonly oldest?: number;
}

/** Why a message, or a part of it, was not understood. */
export interface Rejection {
  readonly reason: QuarantineReason;
  /** What exactly was wrong, for a person to read. */
  readonly detail: string;
  /** Set where the message could be read so far: a message that is kept has arrived. */
  readonly sequence?: MessageSequence;
}

/** What a message said. */
export interface DecodedMessage {
  readonly serial: string;
  readonly readings: readonly RegisterReading[];
  readonly flags: readonly MeterFlag[];
  readonly sequence?: MessageSequence;
  /** Set when a part of the message was not understood: the rest counts, and the message is kept for a look. */
  readonly rejection?: Rejection;
}

/** What a topic says of the messages in it. */
export interface TopicIdentity {
  /** Who sends: a meter, gateway or head-end. The broker's access rules vouch for it. */
  readonly sender: string;
  /** The meter, where the topic names one: the payload may not name another. */
  readonly serial?: string;
}

/**
 * One format of one kind of sender. A new format is a file with one of these, and a line in `decoders.ts`.
 *
 * Decoders are pure: the same bytes at the same time give the same answer.
 */
export interface Decoder {
  /** The format's name, for people. */
  readonly name: string;
  /** What to subscribe to. */
  readonly topicFilters: readonly string[];
  /** Undefined for a topic that is not of this format. */
  readonly identify: (topic: string) => TopicIdentity | undefined;
  readonly decode: (
    identity: TopicIdentity,
    payload: Uint8Array,
    receivedAt: Date,
  ) => Result<DecodedMessage, Rejection>;
}
