import type { BrokerDrops } from '../../../db/broker-drops.ts';
import { DAY_MS } from '../../../domain/time.ts';
import { type Check, fine, warning } from './check.ts';

const WORTH_KNOWING_MS = 7 * DAY_MS;

/** Whether the broker dropped messages in the last week, as the ingesters heard it. */
export function checkBrokerDrops(heard: readonly BrokerDrops[], at: Date): Check {
  const name = 'dropped messages';
  if (heard.length === 0) return fine(name, 'the broker has not said how many it drops');
  const recent = heard.filter(({ roseAt }) => roseAt && at.getTime() - roseAt.getTime() <= WORTH_KNOWING_MS);
  const [worst] = recent.toSorted((a, b) => b.dropped - a.dropped);
  if (!worst?.roseAt) return fine(name, 'none in the last 7 days');
  const found = `the broker dropped messages, lastly at ${worst.roseAt.toISOString()}; ${worst.dropped} altogether`;
  return warning(name, found, 'let it queue more, or start another ingester; numbered messages are asked for again');
}
