import { messageText } from './message-text.ts';
import { mostBytes, writePublish } from './mqtt-packets.ts';
import type { Workload } from './workload.ts';

/** All messages of a workload as they go over the wire, one behind the other. */
export interface EncodedMessages {
  readonly bytes: Buffer;
  /** Where each message ends. */
  readonly ends: Float64Array;
}

/** The place in the row is the only part of a message whose length varies, and it has few digits. */
const SPARE_BYTES = 16;

/** Encodes the messages before anything is measured, so that the sender is never what is waited for. */
export function encodeMessages(workload: Workload): EncodedMessages {
  const bytes = Buffer.allocUnsafe(workload.messages * (mostBytes(messageText(workload, 0)) + SPARE_BYTES));
  const ends = new Float64Array(workload.messages);
  let end = 0;
  for (let place = 0; place < workload.messages; place += 1) {
    end = writePublish(bytes, end, place, messageText(workload, place));
    ends[place] = end;
  }
  return { bytes, ends };
}
