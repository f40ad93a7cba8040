import { type IClientOptions, type IConnackPacket, MqttClient } from 'mqtt';
import { AppError, messageOf } from '../../core/errors.ts';
import { WINDOW_MESSAGES } from '../intake.ts';
import { MAX_PAYLOAD_BYTES } from '../interpret.ts';
import { MessageTap, type MessageTaker } from './message-tap.ts';
import { openConnection, whereaboutsOf } from './open-connection.ts';

/** Which broker, and as whom. */
export interface BrokerAddress {
  /** mqtt, mqtts, ws or wss. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Names the session in which the broker keeps messages while we are away: the same one after a restart. */
  readonly clientId: string;
}

export interface BrokerConnection {
  readonly client: MqttClient;
  readonly isMqtt5: boolean;
  /** True when the broker had kept a session for us, with its subscriptions. */
  readonly isResumed: boolean;
}

/** How long a broker keeps messages for an ingester that does not come back, in seconds. */
const SESSION_EXPIRY_S = 30 * 86_400;
const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_AFTER_MS = 1_000;
const KEEPALIVE_S = 30;

/** "Not this version of the protocol": the code of MQTT 5, and that of brokers which do not know MQTT 5. */
const REFUSES_VERSION: readonly unknown[] = [132, 1];
/** What some brokers do instead of refusing the version. */
class ClosedWithoutAnswer extends Error {
  override readonly message = 'it closed the connection without an answer';
}

/**
 * Connects with a session that outlives the connection, as MQTT 5 where the broker speaks it and as 3.1.1 elsewhere.
 * From then on a broken connection is made again until the client is ended.
 *
 * @throws AppError `service_unreachable` when the first connection fails.
 */
export async function connectToBroker(address: BrokerAddress, taker: MessageTaker): Promise<BrokerConnection> {
  try {
    return await connectAs(5, address, taker).catch((error: unknown) => {
      if (!isVersionRefusal(error)) throw error;
      return connectAs(4, address, taker);
    });
  } catch (cause) {
    throw new AppError('service_unreachable', `the MQTT broker cannot be used: ${messageOf(cause)}`, {
      cause,
      retryable: true,
    });
  }
}

function isVersionRefusal(error: unknown): boolean {
  if (error instanceof ClosedWithoutAnswer) return true;
  return error instanceof Error && 'code' in error && REFUSES_VERSION.includes(error.code);
}

async function connectAs(
  protocolVersion: 4 | 5,
  { url, clientId, ...credentials }: BrokerAddress,
  taker: MessageTaker,
): Promise<BrokerConnection> {
  const where = whereaboutsOf(url);
  const { username = where.username, password = where.password } = credentials;
  const options: IClientOptions = {
    protocolVersion,
    clientId,
    clean: false,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: RECONNECT_AFTER_MS,
    // A broker that is still starting refuses at first; without this the client would never ask again.
    reconnectOnConnackError: true,
    resubscribe: false,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(protocolVersion === 5 && {
      properties: { sessionExpiryInterval: SESSION_EXPIRY_S, receiveMaximum: WINDOW_MESSAGES },
    }),
  };
  const tapping = { version: protocolVersion, keptPayloadBytes: MAX_PAYLOAD_BYTES + 1, taker };
  const client = new MqttClient(
    (own) => new MessageTap((onBytes) => openConnection(where, own, onBytes), tapping),
    options,
  );
  // Each trouble is told once more to whoever listens; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    const { sessionPresent } = await welcomeOf(client);
    return { client, isMqtt5: protocolVersion === 5, isResumed: sessionPresent };
  } catch (error) {
    await client.endAsync(true);
    throw error;
  }
}

function welcomeOf(client: MqttClient): Promise<IConnackPacket> {
  return new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('error', reject);
    client.once('close', () => reject(new ClosedWithoutAnswer()));
  });
}
