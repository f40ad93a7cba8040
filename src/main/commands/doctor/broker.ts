import { randomBytes } from 'node:crypto';
import { connectAsync } from 'mqtt';
import type { MqttConfig } from '../../../config/config.ts';
import type { Secret } from '../../../core/secret.ts';
import { type Check, fine } from './check.ts';

const TIMEOUT_MS = 5_000;

/**
 * Whether the broker lets us in. Throws when it cannot be reached or refuses us.
 *
 * The client id is the doctor's own: with that of the ingester, the broker would throw the ingester out.
 */
export async function checkBroker(url: Secret, { username, password }: MqttConfig): Promise<Check> {
  const options = {
    clientId: `stillwater-doctor-${randomBytes(4).toString('hex')}`,
    clean: true,
    connectTimeout: TIMEOUT_MS,
    reconnectPeriod: 0,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: password.reveal() }),
  };
  const client = await connectAsync(url.reveal(), options, false);
  await client.endAsync();
  return fine('MQTT broker', `${new URL(url.reveal()).host} lets us in`);
}
