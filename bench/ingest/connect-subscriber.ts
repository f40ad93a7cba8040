import mqtt, { type MqttClient } from 'mqtt';

/** The topics of single meters and of meters behind a head-end. */
export const READING_TOPICS = ['meters/+/readings', 'head-ends/+/meters/+/readings'];

const RECEIVE_MAXIMUM = 4_000;
const SESSION_EXPIRY_S = 3_600;

/**
 * Connects mqtt.js as a careful script does: a session that stays, QoS 1, MQTT 5 where the broker speaks it and 3.1.1
 * elsewhere. mqtt.js acknowledges each message as soon as the handler is done with it.
 */
export async function connectSubscriber(url: string, onMessage: MqttClient['handleMessage']): Promise<MqttClient> {
  const client = await connectAs(5, url, onMessage).catch(() => connectAs(4, url, onMessage));
  await client.subscribeAsync(READING_TOPICS, { qos: 1 });
  return client;
}

async function connectAs(
  protocolVersion: 4 | 5,
  url: string,
  onMessage: MqttClient['handleMessage'],
): Promise<MqttClient> {
  const client = mqtt.connect(url, {
    protocolVersion,
    clientId: 'bench-subscriber',
    clean: false,
    reconnectPeriod: 0,
    ...(protocolVersion === 5 && {
      properties: { receiveMaximum: RECEIVE_MAXIMUM, sessionExpiryInterval: SESSION_EXPIRY_S },
    }),
  });
  client.handleMessage = onMessage;
  await new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('close', () => reject(new Error('the broker closed the connection')));
    client.on('error', reject);
  });
  return client;
}
