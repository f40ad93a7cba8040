import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { createHeadEnd, type HeadEnd, type HeadEndOptions } from '../../../simulator/head-end/head-end.ts';
import { createTown } from '../../../simulator/town/town.ts';
import { hoursAfter } from './read-town.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const town = createTown({ seed: 'head-end', homes: 40, startAt });
const messages = [...town.messagesBetween(startAt, hoursAfter(startAt, 24))];
const numbers = messages.map((_, number) => number);

interface Sent {
  readonly seq: number;
  readonly stream: string;
  readonly oldest: number;
}

interface TestBroker {
  readonly url: string;
  /** What was sent of the head-end's messages, in order of arrival. */
  readonly sent: Sent[];
  readonly tell: (topic: 'ack' | 'resend', content: object) => void;
  readonly stop: () => Promise<void>;
}

interface TestBrokerOptions {
  readonly port?: number;
  /** Called with every message; without it each one is acknowledged as stored. */
  readonly onSent?: (sent: Sent, count: number, broker: TestBroker) => void;
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A broker on loopback, and in it a service that says what it has stored. */
async function startBroker({ port = 0, onSent = acknowledge }: TestBrokerOptions = {}): Promise<TestBroker> {
  const sent: Sent[] = [];
  const aedes = await Aedes.createBroker({
    authorizePublish: (_, { topic, payload }, accept) => {
      accept(null);
      if (!topic.startsWith('head-ends/')) return;
      const message = JSON.parse(payload.toString()) as Sent;
      sent.push(message);
      onSent(message, sent.length, broker);
    },
  });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    aedes.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const stop = async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
  };
  cleanups.push(stop);
  const tell = (kind: string, content: object) => {
    const packet = { topic: `${kind}/head-end-1`, payload: Buffer.from(JSON.stringify(content)) };
    aedes.publish({ cmd: 'publish', qos: 0, dup: false, retain: false, ...packet }, () => undefined);
  };
  const url = `mqtt://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  const broker: TestBroker = { url, sent, tell, stop };
  return broker;
}

function acknowledge({ stream, seq }: Sent, _count: number, broker: TestBroker): void {
  broker.tell('ack', { stream, seq });
}

async function connect(url: string, options: Partial<HeadEndOptions> = {}): Promise<HeadEnd> {
  const headEnd = await createHeadEnd({ url, clientId: 'head-end-1', ...options });
  cleanups.push(headEnd.close);
  return headEnd;
}

const seqsOf = (broker: TestBroker) => broker.sent.map(({ seq }) => seq);

describe('the head-end', () => {
  it('hands every message over, numbered in one row over all its meters, before it says that it is done', async () => {
    const broker = await startBroker();
    const headEnd = await connect(broker.url);

    await headEnd.publish(messages.slice(0, 300));

    expect(seqsOf(broker)).toEqual(numbers.slice(0, 300));
    expect(new Set(broker.sent.map(({ stream }) => stream)).size).toBe(1);
    expect(headEnd.counts()).toEqual({ acknowledged: 300, resent: 0, reconnects: 0 });
  });

  it('takes messages from the row only as fast as they are stored, and says what it still keeps', async () => {
    let drawn = 0;
    let furthestAhead = 0;
    const broker = await startBroker({
      onSent: (sent, count, to) => {
        furthestAhead = Math.max(furthestAhead, drawn - count);
        acknowledge(sent, count, to);
      },
    });
    const headEnd = await connect(broker.url, { inFlight: 8 });
    function* counted() {
      for (const message of messages.slice(0, 200)) {
        drawn += 1;
        yield message;
      }
    }

    await headEnd.publish(counted());

    expect(drawn).toBe(200);
    expect(furthestAhead).toBeLessThanOrEqual(8);
    for (const { seq, oldest } of broker.sent) expect(seq - oldest).toBeLessThan(8);
  });

  it('is not done when the broker has everything and the service has not', async () => {
    const broker = await startBroker({ onSent: () => undefined });
    const headEnd = await connect(broker.url);
    let isDone = false;
    const published = headEnd.publish(messages.slice(0, 5)).then(() => (isDone = true));
    await expect.poll(() => broker.sent.length).toBe(5);
    const { stream = '' } = broker.sent[0] ?? {};

    broker.tell('ack', { stream, seq: 3 });
    broker.tell('ack', { stream: 'of somebody else', seq: 4 });
    await expect.poll(() => headEnd.counts().acknowledged).toBe(4);
    expect(isDone).toBe(false);

    broker.tell('ack', { stream, seq: 4 });
    await published;
  });

  it('sends again what the service asks for, and nothing that is stored', async () => {
    const broker = await startBroker({ onSent: () => undefined });
    const headEnd = await connect(broker.url);
    const published = headEnd.publish(messages.slice(0, 10));
    await expect.poll(() => broker.sent.length).toBe(10);
    const { stream = '' } = broker.sent[0] ?? {};

    broker.tell('ack', { stream, seq: 2 });
    await expect.poll(() => headEnd.counts().acknowledged).toBe(3);
    broker.tell('resend', { stream, from: 0, to: 4 });
    await expect.poll(() => seqsOf(broker).slice(10)).toEqual([3, 4]);
    expect(broker.sent.at(-1)?.oldest).toBe(3);

    broker.tell('ack', { stream, seq: 9 });
    await published;
  });

  it('sends its newest message again when it hears nothing for long', async () => {
    const broker = await startBroker({
      onSent: (sent, count, to) => {
        if (count > 5) acknowledge(sent, count, to);
      },
    });
    const headEnd = await connect(broker.url, { patienceMs: 50 });
    await headEnd.publish(messages.slice(0, 5));
    expect(seqsOf(broker)).toEqual([0, 1, 2, 3, 4, 4]);
  });

  it('loses nothing when the broker goes away in the middle and comes back', async () => {
    let stopped: Promise<void> = Promise.resolve();
    const first = await startBroker({
      onSent: (sent, count, to) => {
        if (count === 300) stopped = to.stop();
        // What the broker took last is lost with it.
        if (count < 280) acknowledge(sent, count, to);
      },
    });
    const headEnd = await connect(first.url, { inFlight: 50 });
    const published = headEnd.publish(messages);
    await expect.poll(() => first.sent.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(300);
    await stopped;
    const stored = new Set(first.sent.slice(0, 279).map(({ seq }) => seq));
    let head = 0;
    await startBroker({
      port: Number(new URL(first.url).port),
      onSent: ({ seq, stream }, _count, to) => {
        stored.add(seq);
        while (stored.has(head)) head += 1;
        to.tell('ack', { stream, seq: head - 1 });
      },
    });

    await published;

    expect([...stored].toSorted((a, b) => a - b)).toEqual(numbers);
    expect(headEnd.counts().acknowledged).toBe(messages.length);
    expect(headEnd.counts().reconnects).toBeGreaterThan(0);
    expect(headEnd.counts().resent).toBeGreaterThan(0);
  });

  it('gives up what is under way when it is closed without a broker', async () => {
    const broker = await startBroker({
      onSent: (_sent, count, to) => {
        if (count === 100) void to.stop();
      },
    });
    const headEnd = await connect(broker.url, { inFlight: 150 });
    const published = headEnd.publish(messages).then(
      () => 'done',
      () => 'given up',
    );
    await expect.poll(() => headEnd.counts().reconnects, { timeout: 10_000 }).toBeGreaterThan(0);
    await headEnd.close();

    expect(await published).toBe('given up');
  });

  it('goes on where it was when it was killed, with a journal', async () => {
    const journal = join(tmpdir(), `stillwater-journal-${randomBytes(6).toString('hex')}`);
    cleanups.push(() => rm(journal));
    const deaf = await startBroker({
      onSent: (sent, count, to) => {
        if (count <= 3) acknowledge(sent, count, to);
      },
    });
    const killed = await connect(deaf.url, { journal });
    killed.publish(messages.slice(0, 6)).catch(() => undefined);
    await expect.poll(() => [deaf.sent.length, killed.counts().acknowledged]).toEqual([6, 3]);
    await killed.close();

    const broker = await startBroker();
    const next = await connect(broker.url, { journal });
    await next.publish(messages.slice(6, 8));
    expect(seqsOf(broker)).toEqual([3, 4, 5, 6, 7]);
    expect(broker.sent[0]?.stream).toBe(deaf.sent[0]?.stream);
    await next.close();

    const last = await connect(broker.url, { journal });
    await last.publish(messages.slice(8, 9));
    expect(seqsOf(broker).slice(5)).toEqual([8]);
  });

  it('says so when there is no broker at all', async () => {
    const broker = await startBroker();
    await broker.stop();

    await expect(connect(broker.url)).rejects.toThrow(/ECONNREFUSED|connack|closed/i);
  });
});
