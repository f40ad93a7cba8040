import type { MqttClient } from 'mqtt';
import type { MeterMessage } from '../town/message-stream.ts';

/**
 * Publishes one message at QoS 1, again after every broken connection, until the broker acknowledges it.
 * Rejects when the client is being closed, or when the message itself cannot be sent.
 */
export async function publishUntilAcknowledged(client: MqttClient, { topic, payload }: MeterMessage): Promise<void> {
  for (;;) {
    try {
      await client.publishAsync(topic, payload, { qos: 1 });
      return;
    } catch (error) {
      if (client.connected || client.disconnecting) throw error;
      await backOnline(client);
    }
  }
}

/** Resolves with the next connection, or when there will be none. */
function backOnline(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      client.off('connect', finish).off('end', finish);
      resolve();
    };
    client.on('connect', finish).on('end', finish);
  });
}
