import { loadConfig } from '../../config/config.ts';
import { createLogger } from '../../core/logger.ts';
import { latestReplies, type ListedReply } from '../../db/inbound-replies.ts';
import { withDatabase } from '../open-database.ts';

/** Prints what people texted back: what is left to somebody to read, or everything. */
export async function showReplies({ all, limit }: { all: boolean; limit: number }): Promise<void> {
  const config = loadConfig(process.env);
  const replies = await withDatabase(config, createLogger('silent'), (pool) => latestReplies(pool, { all, limit }));
  if (replies.length === 0) process.stdout.write(all ? 'no reply has come\n' : 'no reply waits to be read\n');
  for (const reply of replies) process.stdout.write(`${lineOf(reply)}\n`);
}

/** What they wrote is quoted, so that nothing in it can move the cursor of a terminal. */
function lineOf({ receivedAt, gateway, phone, personName, body, result, alertId }: ListedReply): string {
  const who = personName === null ? `${phone}, not on the roster,` : `${personName} (${phone})`;
  const about = alertId === null ? '' : `, alert ${alertId}`;
  const done = result ?? 'not dealt with yet';
  return `${receivedAt.toISOString()}  ${who} by ${gateway}: ${JSON.stringify(body)}  ${done}${about}`;
}
