import type { KeptMessage, OutgoingMessage } from './kept-messages.ts';

/** Where a message stands in what its sender has sent. */
interface Place {
  readonly sender: string;
  readonly stream: string;
  /** The lowest number that the sender can still send. */
  readonly oldest: number;
}

/** The message as the head-end publishes it: under its own name, with its own number in place of the meter's. */
export function numbered({ topic, payload, seq }: KeptMessage, { sender, stream, oldest }: Place): OutgoingMessage {
  const content = JSON.parse(payload) as Record<string, unknown>;
  return {
    topic: `head-ends/${sender}/${topic}`,
    payload: JSON.stringify({ ...content, seq, stream, oldest }),
  };
}
