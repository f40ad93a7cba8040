import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { BrokerConnection } from './connect.ts';
import { DROPPED_TOPICS } from './dropped-messages.ts';

/**
 * Asks the broker, with each new connection, to tell how many messages it drops. Many brokers do not; nothing depends
 * on it. One that closes the connection over it is left in peace with the next one.
 */
export function askForDrops({ client }: BrokerConnection, log: Logger): void {
  let isUnanswered = false;
  const ask = async () => {
    if (isUnanswered) {
      isUnanswered = false;
      return;
    }
    isUnanswered = true;
    try {
      // What a topic retains comes each time: what was dropped while we were away.
      await client.subscribeAsync([...DROPPED_TOPICS], { qos: 0 });
      isUnanswered = false;
    } catch (error) {
      // Where the connection is gone, that was the answer.
      if (!client.connected) return;
      isUnanswered = false;
      log.info({ reason: messageOf(error) }, 'the broker does not tell how many messages it drops');
    }
  };
  client.on('connect', () => void ask());
  void ask();
}
