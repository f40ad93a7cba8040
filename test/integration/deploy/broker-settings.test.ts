import mqtt, { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto, type ShippedBroker, startShippedBroker } from './shipped-broker.ts';

const USERS = { stillwater: 'reads-all', 'WM-1': 'one', 'WM-2': 'two' };
/** Mosquitto keeps 1,000 messages for a reader that is away, unless told otherwise. */
const MORE_THAN_THE_DEFAULT = 1_500;

describe.runIf(hasMosquitto())('the broker as it is shipped', () => {
  let broker: ShippedBroker;
  const clients: MqttClient[] = [];
  beforeAll(async () => {
    broker = await startShippedBroker(USERS);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.stop();
  });

  const connect = async (username: keyof typeof USERS, options: IClientOptions = {}) => {
    const client = await connectAsync(broker.url, {
      username,
      password: USERS[username],
      protocolVersion: 5,
      reconnectPeriod: 0,
      ...options,
    });
    clients.push(client);
    return client;
  };
  /** Nothing may arrive before somebody listens, so this does not wait for the connection. */
  const reconnect = (session: IClientOptions) => {
    const client = mqtt.connect(broker.url, {
      ...session,
      username: 'stillwater',
      password: USERS.stillwater,
      protocolVersion: 5,
    });
    clients.push(client);
    return client;
  };
  const listen = async (client: MqttClient, topic: string) => {
    const topics: string[] = [];
    client.on('message', (arrivedOn) => topics.push(arrivedOn));
    await client.subscribeAsync(topic, { qos: 1 });
    return topics;
  };

  it('lets in nobody it does not know', async () => {
    const anonymous = connectAsync(broker.url, { reconnectPeriod: 0, protocolVersion: 5 });
    await expect(anonymous).rejects.toThrow('Not authorized');
    await expect(connect('WM-1', { password: 'wrong' })).rejects.toThrow('Not authorized');
  });

  it("takes from a meter its own readings and nobody else's, also for readers that share them", async () => {
    const [service, shared] = [await connect('stillwater'), await connect('stillwater')];
    const topics = await listen(service, 'meters/+/readings');
    const sharedTopics = await listen(shared, '$share/ingest/meters/+/readings');

    const refusal = await (await connect('WM-1')).publishAsync('meters/WM-2/readings', '{}', { qos: 1 }).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    const own = Promise.all([received(service, 1), received(shared, 1)]);
    await (await connect('WM-1')).publishAsync('meters/WM-1/readings', '{}', { qos: 1 });
    await own;

    expect(refusal).toContain('Not authorized');
    expect(topics).toEqual(['meters/WM-1/readings']);
    expect(sharedTopics).toEqual(['meters/WM-1/readings']);
  });

  it('shows no meter what another one reports', async () => {
    const [service, curious] = [await connect('stillwater'), await connect('WM-2')];
    const seen = await listen(curious, 'meters/#').catch(() => []);
    await listen(service, 'meters/+/readings');

    const arrived = received(service, 1);
    await (await connect('WM-1')).publishAsync('meters/WM-1/readings', '{}', { qos: 1 });
    await arrived;
    expect(seen).toEqual([]);
  });

  it('lets the service tell each sender what is stored, and nobody else', async () => {
    const [service, meter, other] = [await connect('stillwater'), await connect('WM-1'), await connect('WM-2')];
    const heard = await listen(meter, 'ack/WM-1');
    const requests = await listen(meter, 'resend/WM-1');
    const overheard = await listen(other, 'ack/+').catch(() => []);
    const refusal = await other.publishAsync('ack/WM-1', '{"stream":"","seq":9}', { qos: 1 }).then(
      () => 'taken',
      (error: unknown) => String(error),
    );

    const arrived = received(meter, 2);
    await service.publishAsync('ack/WM-1', '{"stream":"","seq":4}', { qos: 1 });
    await service.publishAsync('resend/WM-1', '{"stream":"","from":5,"to":6}', { qos: 1 });
    expect(await arrived).toEqual(['{"stream":"","seq":4}', '{"stream":"","from":5,"to":6}']);
    expect([...heard]).toEqual(requests);
    expect(refusal).toContain('Not authorized');
    expect(overheard).toEqual([]);
  });

  it('keeps everything for a service that is away, far beyond the number at which it would drop by default', async () => {
    const session = { clientId: 'ingest', clean: false, properties: { sessionExpiryInterval: 3_600 } };
    const before = await connect('stillwater', session);
    await before.subscribeAsync('meters/+/readings', { qos: 1 });
    await before.endAsync();

    const meter = await connect('WM-1');
    const readings = Array.from({ length: MORE_THAN_THE_DEFAULT }, (_, seq) => `{"seq":${seq}}`);
    await Promise.all(readings.map((reading) => meter.publishAsync('meters/WM-1/readings', reading, { qos: 1 })));

    const kept = await received(reconnect(session), readings.length);
    expect(kept).toEqual(readings);
  });
});

function received(client: MqttClient, count: number): Promise<string[]> {
  const payloads: string[] = [];
  return new Promise((resolve) => {
    client.on('message', (_topic, payload) => {
      payloads.push(payload.toString());
      if (payloads.length === count) resolve(payloads);
    });
  });
}
