import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/core/secret.ts';
import { checkBroker } from '../../../src/main/commands/doctor/broker.ts';
import { checkRedis } from '../../../src/main/commands/doctor/redis.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.ts';

describe.runIf(hasRedis())('what the doctor makes of Redis', () => {
  let redis: RedisServer | undefined;
  afterEach(() => redis?.stop());
  const findingsWith = async (settings: Record<string, string>) => {
    redis = await startRedis(settings);
    return (await checkRedis(redis.url)).map(({ name, status }) => `${name}: ${status}`);
  };

  it('finds nothing wrong where jobs are neither evicted nor forgotten', async () => {
    expect(await findingsWith({ 'maxmemory-policy': 'noeviction', appendonly: 'yes' })).toEqual([
      'Redis: ok',
      'Redis eviction: ok',
      'Redis persistence: ok',
    ]);
  });

  it('takes eviction for a problem, and a missing append-only file for a warning', async () => {
    expect(await findingsWith({ 'maxmemory-policy': 'allkeys-lru', appendonly: 'no' })).toEqual([
      'Redis: ok',
      'Redis eviction: problem',
      'Redis persistence: warning',
    ]);
  });

  it('says that Redis refused it, and not the password', async () => {
    redis = await startRedis({ requirepass: 'a-password' });
    const url = new Secret(redis.url.reveal().replace('redis://', 'redis://:wrong-password@'));

    const error = await checkRedis(url).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/WRONGPASS|invalid/);
    expect(String(error)).not.toContain('wrong-password');
  });
});

describe('what the doctor makes of the broker', () => {
  let close = async () => {};
  afterEach(() => close());

  /** A broker that lets one user in, and notes the client ids it sees. */
  async function startBroker() {
    const seen: string[] = [];
    const broker = await Aedes.createBroker({
      authenticate: (client, username, _password, done) => {
        seen.push(client.id);
        done(null, username === 'stillwater');
      },
    });
    const server = createServer((socket) => broker.handle(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => new Promise((resolve) => broker.close(() => server.close(() => resolve())));
    return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  const consult = (url: string, username: string) =>
    checkBroker(new Secret(url), loadConfig({ MQTT_USERNAME: username, MQTT_PASSWORD: 'a-password' }).mqtt);

  it('is let in, under a name that throws nobody else out', async () => {
    const { url, seen } = await startBroker();

    expect(await consult(url, 'stillwater')).toMatchObject({ status: 'ok' });
    expect(seen).toEqual([expect.stringMatching(/^stillwater-doctor-[0-9a-f]{8}$/)]);
  });

  it('says that the broker refuses the credentials', async () => {
    const { url } = await startBroker();

    await expect(consult(url, 'somebody')).rejects.toThrow(/Connection refused/);
  });
});
