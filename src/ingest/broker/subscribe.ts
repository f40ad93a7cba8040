import type { Logger } from '../../core/logger.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import type { BrokerConnection } from './connect.ts';

export interface Subscription {
  /** What to subscribe to, without the name of a group. */
  readonly topicFilters: readonly string[];
  /** Divides the messages between all ingesters of this group, where the broker speaks MQTT 5. */
  readonly sharedGroup?: string | undefined;
}

/** At least once; and what a topic retains comes with a new subscription only (MQTT 5). */
const TERMS = { qos: 1, rh: 1 } as const;

/**
 * Subscribes, and again with every new connection: a broker that lost its sessions is told anew, and to the others it
 * changes nothing. Later refusals are logged.
 *
 * @throws AppError `service_unreachable` when the broker refuses the first time.
 */
export async function keepSubscribed(
  { client, isMqtt5, isResumed }: BrokerConnection,
  { topicFilters, sharedGroup }: Subscription,
  log: Logger,
): Promise<void> {
  const isShared = sharedGroup !== undefined && isMqtt5;
  if (sharedGroup !== undefined && !isMqtt5) {
    log.warn('the broker does not speak MQTT 5: every ingester gets all messages instead of a share');
  }
  const filters = topicFilters.map((filter) => (isShared ? `$share/${sharedGroup}/${filter}` : filter));
  const subscribe = () => client.subscribeAsync(filters, TERMS);
  const subscribeOrLog = () =>
    subscribe().catch((error: unknown) => log.error({ reason: messageOf(error) }, 'not subscribed to the meters'));

  client.on('connect', () => void subscribeOrLog());
  // The answer of a broker that kept a session stands behind all that it kept, which may take as long as it likes.
  if (isResumed) void subscribeOrLog();
  else await subscribe().catch((cause: unknown) => Promise.reject(refusal(cause)));
}

function refusal(cause: unknown): AppError {
  const message = `the MQTT broker does not let us listen to the meters: ${messageOf(cause)}`;
  return new AppError('service_unreachable', message, { cause, retryable: true });
}
