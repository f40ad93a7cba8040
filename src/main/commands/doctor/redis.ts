import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Secret } from '../../../core/secret.ts';
import { type Check, fine, problem, warning } from './check.ts';

const TIMEOUT_MS = 5_000;
const OLDEST = [6, 2] as const;

/** INFO needs no right to read the configuration, which hosted Redis often withholds. */
const info = z.object({
  redis_version: z.string(),
  maxmemory_policy: z.string(),
  aof_enabled: z.enum(['0', '1']),
});
type RedisInfo = z.output<typeof info>;

/** Whether a Redis can be trusted with the job queue. Throws when it cannot be reached or refuses us. */
export async function checkRedis(url: Secret): Promise<readonly Check[]> {
  const facts = await readInfo(url);
  return [checkVersion(facts), checkEviction(facts), checkPersistence(facts)];
}

async function readInfo(url: Secret): Promise<RedisInfo> {
  const redis = new Redis(url.reveal(), {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let refusal: Error | undefined;
  redis.on('error', (error: Error) => {
    refusal = error;
  });
  try {
    await redis.connect();
    return parseInfo(await redis.info());
  } catch (error) {
    // "Connection is closed" says less than the error that closed it.
    throw refusal ?? error;
  } finally {
    redis.disconnect();
  }
}

function parseInfo(text: string): RedisInfo {
  const pairs = text.split('\r\n').map((line) => line.split(':', 2));
  return info.parse(Object.fromEntries(pairs.filter((pair) => pair.length === 2)));
}

function checkVersion({ redis_version: version }: RedisInfo): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  const needed = OLDEST.join('.');
  return isOld ? problem('Redis', `${version} is too old`, `use Redis ${needed} or later`) : fine('Redis', version);
}

function checkEviction({ maxmemory_policy: policy }: RedisInfo): Check {
  const name = 'Redis eviction';
  if (policy === 'noeviction') return fine(name, policy);
  return problem(name, `${policy}: a full Redis throws jobs away`, 'set maxmemory-policy noeviction');
}

function checkPersistence({ aof_enabled: enabled }: RedisInfo): Check {
  const name = 'Redis persistence';
  if (enabled === '1') return fine(name, 'append-only file');
  return warning(name, 'no append-only file: a restart forgets the schedules for a minute', 'set appendonly yes');
}
