import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { createHeadEnd, type HeadEnd } from '../../../simulator/head-end/head-end.ts';
import { createTown } from '../../../simulator/town/town.ts';
import { hoursAfter } from './read-town.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const town = createTown({ seed: 'head-end', homes: 40, startAt });
const messages = [...town.messagesBetween(startAt, hoursAfter(startAt, 24))];

interface TestBroker {
  readonly url: string;
  /** The payloads taken, in order of arrival. */
  readonly taken: string[];
  readonly stop: () => Promise<void>;
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A broker on loopback. Messages count as taken when they arrive: it acknowledges them before it passes them on. */
async function startBroker(port = 0, onTaken: (count: number) => void = () => undefined): Promise<TestBroker> {
  const taken: string[] = [];
  const broker = await Aedes.createBroker({
    authorizePublish: (_, { payload }, accept) => {
      taken.push(payload.toString());
      onTaken(taken.length);
      accept(null);
    },
  });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const stop = async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await new Promise<void>((resolve) => broker.close(resolve));
  };
  cleanups.push(stop);
  return { url: `mqtt://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`, taken, stop };
}

async function connect(url: string, inFlight?: number): Promise<HeadEnd> {
  const headEnd = await createHeadEnd({ url, clientId: 'head-end-1', ...(inFlight === undefined ? {} : { inFlight }) });
  cleanups.push(headEnd.close);
  return headEnd;
}

describe('the head-end', () => {
  it('hands every message over, in order, before it says that it is done', async () => {
    const broker = await startBroker();
    const headEnd = await connect(broker.url);

    await headEnd.publish(messages);

    expect(broker.taken).toEqual(messages.map(({ payload }) => payload));
    expect(headEnd.counts()).toEqual({ acknowledged: messages.length, reconnects: 0 });
  });

  it('takes messages from the row only as fast as the broker acknowledges them', async () => {
    let drawn = 0;
    let furthestAhead = 0;
    const broker = await startBroker(0, (taken) => (furthestAhead = Math.max(furthestAhead, drawn - taken)));
    const headEnd = await connect(broker.url, 8);
    function* counted() {
      for (const message of messages) {
        drawn += 1;
        yield message;
      }
    }

    await headEnd.publish(counted());

    expect(drawn).toBe(messages.length);
    expect(furthestAhead).toBeLessThanOrEqual(8);
  });

  it('loses nothing when the broker goes away in the middle and comes back', async () => {
    let stopped: Promise<void> = Promise.resolve();
    const first = await startBroker(0, (count) => {
      if (count === 300) stopped = first.stop();
    });
    const headEnd = await connect(first.url, 50);
    const published = headEnd.publish(messages);
    await expect.poll(() => first.taken.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(300);
    await stopped;
    const second = await startBroker(Number(new URL(first.url).port));

    await published;

    const missing = messages.filter(({ payload }) => !first.taken.includes(payload) && !second.taken.includes(payload));
    expect(missing).toEqual([]);
    expect(second.taken.length).toBeGreaterThan(0);
    expect(headEnd.counts().acknowledged).toBe(messages.length);
    expect(headEnd.counts().reconnects).toBeGreaterThan(0);
  });

  it('gives up what is under way when it is closed without a broker', async () => {
    const broker = await startBroker(0, (count) => {
      if (count === 100) void broker.stop();
    });
    const headEnd = await connect(broker.url, 50);
    const published = headEnd.publish(messages).then(
      () => 'done',
      () => 'given up',
    );
    await expect.poll(() => headEnd.counts().reconnects, { timeout: 10_000 }).toBeGreaterThan(0);
    await headEnd.close();

    expect(await published).toBe('given up');
  });

  it('says so when there is no broker at all', async () => {
    const broker = await startBroker();
    await broker.stop();

    await expect(connect(broker.url)).rejects.toThrow(/ECONNREFUSED|connack|closed/i);
  });
});
