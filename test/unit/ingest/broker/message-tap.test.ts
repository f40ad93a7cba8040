import { Duplex, PassThrough } from 'node:stream';
import { generate, type IPublishPacket, writeToStream } from 'mqtt-packet';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageTap } from '../../../../src/ingest/broker/message-tap.ts';
import { type HeldMessage, takerOf } from '../../../support/held-messages.ts';

const onBytesOf = (wire: Duplex) => (onBytes: (bytes: Buffer) => void) => wire.on('data', onBytes);

const PINGREQ = Buffer.of(0xc0, 0);
const PINGRESP = Buffer.of(0xd0, 0);
const DISCONNECT = Buffer.of(0xe0, 0);

/** A connection whose other end is in our hands, and which takes what is written to it piece by piece. */
class Wire extends Duplex {
  readonly written: Buffer[] = [];
  #waiting: (() => void)[] = [];
  /** Keeps the pieces that are written waiting until `letWritten`. */
  isSlow = false;

  override _read(): void {
    // It is pushed to.
  }
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(bytes);
    if (this.isSlow) this.#waiting.push(done);
    else done();
  }
  letWritten(): void {
    for (const done of this.#waiting.splice(0)) done();
  }
  get sent(): Buffer {
    return Buffer.concat(this.written);
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const message = (messageId: number, payload = String(messageId)): Buffer =>
  generate({ cmd: 'publish', topic: 'a', payload, qos: 1, messageId, dup: false, retain: false });
const puback = (messageId: number) => generate({ cmd: 'puback', messageId });

let wire: Wire;
let tap: MessageTap;
let held: HeldMessage[];
let proceeding: (() => void)[];
let isProceeding: boolean;
let toClient: Buffer[];
beforeEach(() => {
  wire = new Wire();
  [held, proceeding, toClient, isProceeding] = [[], [], [], true];
  tap = new MessageTap(onBytesOf(wire), {
    version: 4,
    keptPayloadBytes: 50,
    taker: takerOf((each, proceed) => {
      held.push(each);
      if (isProceeding) proceed();
      else proceeding.push(proceed);
    }),
  });
  tap.on('data', (bytes: Buffer) => toClient.push(bytes));
});

const payloads = () => held.map(({ payload }) => payload.toString());

describe('between the broker and its client', () => {
  it('messages are taken out, and all else is let through both ways', async () => {
    wire.push(Buffer.concat([PINGRESP, message(1), DISCONNECT, message(2)]));
    tap.write(PINGREQ);
    await settled();
    expect(payloads()).toEqual(['1', '2']);
    expect(toClient).toEqual([PINGRESP, DISCONNECT]);
    expect(wire.sent).toEqual(PINGREQ);
  });

  it('messages are acknowledged when they are, in one piece', async () => {
    wire.push(Buffer.concat([message(1), message(2), message(3)]));
    await settled();
    expect(wire.written).toEqual([]);
    held[1]!.acknowledge();
    held[0]!.acknowledge();
    await settled();
    expect(wire.written).toEqual([Buffer.concat([puback(2), puback(1)])]);
  });

  it('an acknowledgement never falls into the middle of what the client writes', async () => {
    wire.push(message(1));
    await settled();
    wire.isSlow = true;
    // The client writes a packet in parts, and the connection takes the first of them.
    const told: IPublishPacket = {
      cmd: 'publish',
      topic: 'ack/head-end',
      payload: '{"seq":1}',
      qos: 0,
      dup: false,
      retain: false,
    };
    writeToStream(told, tap);
    await settled();
    held[0]!.acknowledge();
    for (let turn = 0; turn < 20; turn += 1) {
      await settled();
      wire.letWritten();
    }
    await settled();
    expect(wire.written.length).toBeGreaterThan(1);
    expect(wire.sent).toEqual(Buffer.concat([generate(told), puback(1)]));
  });

  it('nothing more is read while a message is held, and then all of it in order', async () => {
    isProceeding = false;
    wire.push(Buffer.concat([message(1), message(2)]));
    await settled();
    wire.push(message(3));
    await settled();
    expect(payloads()).toEqual(['1']);
    expect(wire.isPaused()).toBe(true);

    proceeding[0]!();
    expect(payloads()).toEqual(['1', '2']);
    proceeding[0]!();
    expect(payloads()).toEqual(['1', '2']);
    proceeding[1]!();
    await settled();
    expect(payloads()).toEqual(['1', '2', '3']);
    expect(wire.isPaused()).toBe(true);
  });

  it('tens of thousands of small messages that waited behind a held one are taken without end of the stack', async () => {
    isProceeding = false;
    const many = 30_000;
    wire.push(Buffer.concat(Array.from({ length: many }, (_, i) => message(i + 1))));
    await settled();
    isProceeding = true;
    proceeding[0]!();
    expect(held).toHaveLength(many);
    expect(tap.destroyed).toBe(false);
  });

  it('pings are answered while nothing is read, and each only once', async () => {
    isProceeding = false;
    wire.push(message(1));
    await settled();
    tap.write(PINGREQ);
    tap.write(PINGREQ);
    await settled();
    expect(toClient).toEqual([PINGRESP, PINGRESP]);
    expect(wire.sent).toEqual(Buffer.concat([PINGREQ, PINGREQ]));

    wire.push(Buffer.concat([PINGRESP, PINGRESP]));
    proceeding[0]!();
    await settled();
    expect(toClient).toHaveLength(2);
    wire.push(PINGRESP);
    await settled();
    expect(toClient).toHaveLength(3);
  });

  it('what is not MQTT ends the connection with the reason, and what stands behind it is not taken', async () => {
    const errors: unknown[] = [];
    tap.on('error', (error) => errors.push(error));
    wire.push(Buffer.concat([message(1), Buffer.of(0x36, 4, 0, 1, 0x61, 0), message(2)]));
    await vi.waitFor(() => expect(wire.destroyed).toBe(true));
    expect(payloads()).toEqual(['1']);
    expect(errors).toEqual([expect.objectContaining({ name: 'MqttProtocolError' })]);
  });

  it('half a packet of a connection that broke is forgotten with it, and nothing more is acknowledged over it', async () => {
    wire.push(Buffer.concat([message(1), message(2).subarray(0, 5)]));
    await settled();
    wire.destroy();
    await vi.waitFor(() => expect(tap.destroyed).toBe(true));
    held[0]!.acknowledge();
    await settled();
    expect(wire.written).toEqual([]);

    // The next connection begins with a packet.
    const next = new PassThrough();
    const again: HeldMessage[] = [];
    const taker = takerOf((each, proceed) => {
      again.push(each);
      proceed();
    });
    const second = new MessageTap(onBytesOf(next), { version: 4, keptPayloadBytes: 50, taker });
    next.push(message(2));
    await settled();
    expect(again.map(({ payload }) => payload.toString())).toEqual(['2']);
    expect(second.destroyed).toBe(false);
  });

  it('of a large message that comes in pieces only the beginning is held', async () => {
    const bytes = message(1, 'x'.repeat(500_000));
    for (let at = 0; at < bytes.length; at += 10_000) wire.push(bytes.subarray(at, at + 10_000));
    await settled();
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect(held[0]!.payloadBytes).toBe(500_000);
    expect(held[0]!.payload.length).toBeLessThan(140_000);
  });
});
