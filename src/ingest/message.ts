import type { DecodedMessage, Rejection } from './decoders/decoder.ts';

/** A message as it came in. */
export interface ReceivedMessage {
  readonly source: 'mqtt' | 'http' | 'file';
  readonly topic: string;
  /** The payload; of one that is too large to be read, only the beginning that is kept. */
  readonly payload: Uint8Array;
  /** The length of the whole payload. */
  readonly payloadBytes: number;
  readonly receivedAt: Date;
}

/** A message and what was made of it: its content, or a rejection, or both where only a part was understood. */
export interface InterpretedMessage {
  readonly message: ReceivedMessage;
  readonly content: DecodedMessage | undefined;
  readonly rejection: Rejection | undefined;
}
