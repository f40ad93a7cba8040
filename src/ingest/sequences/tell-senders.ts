import type { MqttClient } from 'mqtt';
import type { SenderNews } from './merge-sequences.ts';

/** With more than this unsent, nothing is added: a broker that does not read must not fill our memory. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** Whether there is a broker that takes what the senders are to be told. */
export function canTell({ connected, stream }: MqttClient): boolean {
  return connected && stream.writableLength < MAX_UNSENT_BYTES;
}

/**
 * Publishes what is stored to `ack/<sender>` and what is missing to `resend/<sender>`.
 *
 * At most once: a sender that did not hear sends again what is stored already, and is told again.
 */
export function tellSenders(client: MqttClient, { acknowledged, requests }: SenderNews): void {
  for (const { sender, stream, seq } of acknowledged) {
    tell(client, `ack/${sender}`, { stream, seq });
  }
  for (const { sender, stream, first, last } of requests) {
    tell(client, `resend/${sender}`, { stream, from: first, to: last });
  }
}

function tell(client: MqttClient, topic: string, content: object): void {
  if (canTell(client)) client.publish(topic, JSON.stringify(content), { qos: 0 });
}
