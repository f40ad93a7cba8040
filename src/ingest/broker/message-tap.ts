import { Duplex } from 'node:stream';
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts';
import { createPacketReader, type PacketReader } from './packet-reader.ts';
import type { MqttVersion, PublishedMessage } from './publish-packet.ts';

/** A message from the broker, which goes on believing it undelivered until it is acknowledged. */
export interface HeldMessage extends Pick<PublishedMessage, 'topic' | 'payload' | 'payloadBytes'> {
  /**
   * Tells the broker that the message is safe. Without effect once the connection it came over is gone: the broker
   * then sends it again, and over another connection its packet id may stand for another message.
   */
  readonly acknowledge: () => void;
}

/** Takes over a message. Until `proceed` is called nothing more is read from the broker. */
export type MessageHandler = (message: HeldMessage, proceed: () => void) => void;

export interface MessageTapOptions {
  readonly version: MqttVersion;
  /** Of a larger payload only so much is kept, and a topic of any length beside it. */
  readonly keptPayloadBytes: number;
  readonly onMessage: MessageHandler;
}

const PINGREQ = Buffer.of(0xc0, 0);
const PINGRESP = Buffer.of(0xd0, 0);
/** The longest topic, and what else may stand before a payload. */
const MAX_HEAD_BYTES = 2 * 0xffff;

/**
 * Stands between the broker and an MQTT client: takes the messages out of what comes, and lets everything else through,
 * both ways. To the client it is the connection. It sees no message, so it acknowledges none; we do when it is time.
 *
 * While nothing is read, answers to pings are not read either, and the client would take the broker for dead. So it is
 * answered from here, and the broker's own answers are kept from it afterwards.
 */
export class MessageTap extends Duplex {
  readonly #connection: Duplex;
  readonly #onMessage: MessageHandler;
  readonly #reader: PacketReader;
  readonly #acknowledgements: Acknowledgements;
  /** The handler has not let us proceed yet. */
  #isHeld = false;
  #isTaking = false;
  #pingsAnswered = 0;

  constructor(connection: Duplex, { version, keptPayloadBytes, onMessage }: MessageTapOptions) {
    super();
    this.#connection = connection;
    this.#onMessage = onMessage;
    this.#reader = createPacketReader({ version, keptBytes: keptPayloadBytes + MAX_HEAD_BYTES });
    // By the same way as what the client writes, which comes in parts: never into the middle of one of its packets.
    this.#acknowledgements = createAcknowledgements(this);
    connection.on('data', (bytes: Buffer) => {
      this.#reader.add(bytes);
      this.#takeWhatIsHere();
    });
    connection.on('end', () => this.push(null));
    connection.on('error', (error) => this.destroy(error));
    connection.on('close', () => this.destroy());
  }

  #takeWhatIsHere(): void {
    // A handler that lets us proceed at once is called again by the loop that called it.
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      this.#takePackets();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#isTaking = false;
    }
    if (this.#isHeld) this.#connection.pause();
    else if (this.#connection.isPaused()) this.#connection.resume();
  }

  #takePackets(): void {
    while (!this.#isHeld && !this.destroyed) {
      const packet = this.#reader.next();
      if (packet === undefined) return;
      if (Buffer.isBuffer(packet)) this.#letThrough(packet);
      else this.#handOver(packet);
    }
  }

  #handOver({ packetId, topic, payload, payloadBytes }: PublishedMessage): void {
    const acknowledge = () => {
      if (packetId !== undefined) this.#acknowledgements.add(packetId);
    };
    let isProceeding = false;
    this.#isHeld = true;
    this.#onMessage({ topic, payload, payloadBytes, acknowledge }, () => {
      if (isProceeding) return;
      isProceeding = true;
      this.#isHeld = false;
      this.#takeWhatIsHere();
    });
  }

  #letThrough(packet: Buffer): void {
    const isAnswered = this.#pingsAnswered > 0 && packet.equals(PINGRESP);
    if (isAnswered) this.#pingsAnswered -= 1;
    else this.push(packet);
  }

  override _read(): void {
    // What a client needs besides messages is little and seldom: it is pushed as it comes.
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#isHeld && bytes.equals(PINGREQ)) {
      this.#pingsAnswered += 1;
      this.push(PINGRESP);
    }
    this.#connection.write(bytes, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#connection.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#connection.destroy();
    done(error);
  }
}
