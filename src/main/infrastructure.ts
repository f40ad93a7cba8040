import type { Config } from '../config/config.ts';
import type { Logger } from '../core/logger.ts';
import { Secret } from '../core/secret.ts';
import { startEmbeddedBroker } from './embedded/broker.ts';
import { preferredPort } from './embedded/free-port.ts';
import { lockDataDir } from './embedded/instance-lock.ts';
import { startEmbeddedPostgres } from './embedded/postgres.ts';

/** The stores and the broker, wherever they run. */
export interface Infrastructure {
  readonly databaseUrl: Secret;
  /** Undefined when no broker is configured and none was needed. */
  readonly mqttUrl: Secret | undefined;
  /** What was started in or by this process, for people to read. */
  readonly embedded: readonly string[];
  readonly stop: () => Promise<void>;
}

export interface InfrastructureOptions {
  readonly needsBroker: boolean;
  /** For an embedded database that does not outlive the process: it need not survive a power cut. */
  readonly isThrownAway?: boolean;
}

const USUAL_MQTT_PORT = 1883;
const FOR_A_DATABASE_THAT_IS_THROWN_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Finds the parts that the configuration names and starts the others here: PostgreSQL in the data directory and a
 * broker in this process. They are stopped in the opposite order, and all of them even if one will not.
 */
export async function startInfrastructure(
  config: Config,
  log: Logger,
  { needsBroker, isThrownAway = false }: InfrastructureOptions,
): Promise<Infrastructure> {
  const stops: (() => Promise<void>)[] = [];
  const embedded: string[] = [];
  const stop = async () => {
    for (const stopPart of stops.toReversed()) {
      await stopPart().catch((error: unknown) => log.error({ err: error }, 'an embedded part did not stop'));
    }
  };
  try {
    const databaseUrl = config.database.url ?? (await ownDatabase(config, isThrownAway, stops));
    if (!config.database.url) embedded.push('PostgreSQL');
    const mqttUrl = config.mqtt.url ?? (needsBroker ? await ownBroker(config, stops) : undefined);
    if (!config.mqtt.url && needsBroker) embedded.push('MQTT broker');
    return { databaseUrl, mqttUrl, embedded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ownDatabase(
  { dataDir }: Config,
  isThrownAway: boolean,
  stops: (() => Promise<void>)[],
): Promise<Secret> {
  const unlock = lockDataDir(dataDir);
  stops.push(() => {
    unlock();
    return Promise.resolve();
  });
  const settings = isThrownAway ? FOR_A_DATABASE_THAT_IS_THROWN_AWAY : {};
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  stops.push(postgres.stop);
  return postgres.url;
}

async function ownBroker({ mqtt }: Config, stops: (() => Promise<void>)[]): Promise<Secret> {
  const broker = await startEmbeddedBroker({ port: mqtt.embeddedPort ?? (await preferredPort(USUAL_MQTT_PORT)) });
  stops.push(broker.stop);
  return new Secret(broker.url);
}

/** The broker's address, for parts that were only started because there is one. */
export function brokerUrl({ mqttUrl }: Infrastructure): string {
  if (!mqttUrl) throw new Error('no broker was configured or started');
  return mqttUrl.reveal();
}
