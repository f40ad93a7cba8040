import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { answerParent, preciseNow } from '../answer-parent.ts';
import { createFrameSplitter } from '../mqtt-frames.ts';
import { percentile } from '../../percentile.ts';

export interface Waits {
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

const PUBLISH = 3;
const PUBACK = 4;

let server: Server | undefined;
const sockets = new Set<Socket>();
/** When the message with this packet id was passed on. */
const passedOnAtMs = new Float64Array(65_536);
let waitsMs: number[] = [];

/**
 * Stands between the broker and a subscriber, passes on every byte, and looks how long each message waits: from when it
 * was passed on until its PUBACK comes by.
 */
const questions = {
  start: async (given: { brokerPort: number }): Promise<{ port: number }> => {
    server = createServer((subscriber) => relay(subscriber, given.brokerPort)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port };
  },
  forget: (): void => {
    waitsMs = [];
  },
  waits: (): Waits => ({
    messages: waitsMs.length,
    p50Ms: percentile(waitsMs, 0.5),
    p99Ms: percentile(waitsMs, 0.99),
    longestMs: percentile(waitsMs, 1),
  }),
};

export type RelayPart = typeof questions;

function relay(subscriber: Socket, brokerPort: number): void {
  const broker = connect(brokerPort, '127.0.0.1');
  const messages = createFrameSplitter((firstByte, body) => {
    if (firstByte >> 4 === PUBLISH && (firstByte & 0b0110) !== 0) notePassedOn(body);
  });
  const answers = createFrameSplitter((firstByte, body) => {
    if (firstByte >> 4 === PUBACK) noteAcknowledged(body);
  });
  passOn(broker, subscriber, messages);
  passOn(subscriber, broker, answers);
}

function passOn(from: Socket, to: Socket, look: (chunk: Buffer) => void): void {
  sockets.add(from.setNoDelay(true));
  from.on('data', (chunk) => {
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
    look(chunk);
  });
  from.on('error', () => to.destroy());
  from.on('close', () => {
    sockets.delete(from);
    to.end();
  });
}

/** The packet id stands behind the topic. */
function notePassedOn(body: Buffer): void {
  passedOnAtMs[body.readUInt16BE(2 + body.readUInt16BE(0))] = preciseNow();
}

function noteAcknowledged(body: Buffer): void {
  waitsMs.push(preciseNow() - (passedOnAtMs[body.readUInt16BE(0)] ?? Number.NaN));
}

answerParent(questions, async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
});
