import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../../../support/database.ts';
import { aDay, ingestFor, storedReadings, topicOf, untilTaken } from '../../../support/waterworks.ts';
import { hasMosquitto, type ShippedBroker, startShippedBroker } from '../../deploy/shipped-broker.ts';

/** The last three are names that mean something else in an access rule. */
const USERS = {
  stillwater: 'reads-all',
  'WM-A': 'a',
  'WM-B': 'b',
  '+': 'plus',
  '#': 'hash',
  'WM-A/readings/#': 'path',
};
const PLAIN_REFUSAL = /Not authorized|closed|disconnect|Invalid|Malformed/i;

const database = useDatabase();

describe.runIf(hasMosquitto())('with the broker as it is shipped, a meter', () => {
  let broker: ShippedBroker;
  beforeAll(async () => {
    broker = await startShippedBroker(USERS);
    await database.pool.query(`insert into meter (serial) values ('WM-A'), ('WM-B')`);
  });
  afterAll(() => broker.stop());

  const service = () => ingestFor(database.pool, broker.url, { username: 'stillwater', password: USERS.stillwater });
  const as = async (username: keyof typeof USERS) => {
    const client = await connectAsync(broker.url, {
      username,
      password: USERS[username],
      protocolVersion: 5,
      reconnectPeriod: 0,
    });
    onTestFinished(() => client.endAsync(true));
    return client;
  };
  const [reading] = aDay();
  const attempt = async (username: keyof typeof USERS, topic: string, payload: object): Promise<string> => {
    try {
      await (await as(username)).publishAsync(topic, JSON.stringify(payload), { qos: 1 });
      return 'taken';
    } catch (error) {
      return String(error);
    }
  };

  it('cannot speak for another: not in its topic, and not from its own', async () => {
    const ingest = await service();
    expect(await attempt('WM-A', topicOf('WM-B'), reading!)).toMatch(PLAIN_REFUSAL);
    expect(await attempt('WM-A', topicOf('WM-A'), { meter: 'WM-B', ...reading })).toBe('taken');
    expect(await attempt('WM-A', topicOf('WM-A'), { meter: 'WM-A', ...reading })).toBe('taken');
    await untilTaken(ingest, 2);

    expect(await storedReadings(database.pool, 'WM-B')).toEqual([]);
    expect(await storedReadings(database.pool, 'WM-A')).toEqual([reading]);
    const { rows } = await database.pool.query('select topic, reason from quarantined_message');
    expect(rows).toEqual([{ topic: topicOf('WM-A'), reason: 'identity_mismatch' }]);
  });

  it.each(['+', '#', 'WM-A/readings/#'] as const)('called %s speaks for nobody, and hears of nobody', async (name) => {
    const ingest = await service();
    const before = await storedReadings(database.pool, 'WM-B');
    expect(await attempt(name, topicOf('WM-B'), reading!)).not.toBe('taken');
    const heard: string[] = [];
    const curious = await as(name).catch(() => undefined);
    curious?.on('message', (topic) => heard.push(topic));
    await curious?.subscribeAsync(['ack/+', 'ack/WM-B', 'meters/+/readings'], { qos: 1 }).catch(() => undefined);
    expect(await attempt('WM-B', topicOf('WM-B'), { ...reading, index_l: 7, at: aDay()[5]!.at, seq: 0 })).toBe('taken');
    await untilTaken(ingest, 1);

    expect(heard).toEqual([]);
    expect(await storedReadings(database.pool, 'WM-B')).toHaveLength(Math.max(1, before.length));
  });
});
