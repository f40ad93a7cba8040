import type { MqttClient } from 'mqtt';
import type { KeptMessage, KeptMessages } from './kept-messages.ts';
import { numbered } from './numbered.ts';

export interface Sending {
  readonly send: (message: KeptMessage) => void;
  /** Sends once more what is not under way. */
  readonly resend: (messages: readonly KeptMessage[]) => void;
  /** How many messages were sent once more. */
  readonly resent: () => number;
}

/** Sends kept messages at QoS 1, each at most once at a time. */
export function sendOver(
  client: MqttClient,
  kept: KeptMessages,
  name: { readonly sender: string; readonly stream: string },
): Sending {
  let resent = 0;
  const send = (message: KeptMessage) => {
    message.isUnderWay = true;
    const { topic, payload } = numbered(message, { ...name, oldest: kept.oldest() });
    // Without an answer the client itself sends it again with the next connection.
    client.publish(topic, payload, { qos: 1 }, () => (message.isUnderWay = false));
  };
  return {
    send,
    resend: (messages) => {
      const free = messages.filter(({ isUnderWay }) => !isUnderWay);
      resent += free.length;
      free.forEach(send);
    },
    resent: () => resent,
  };
}
