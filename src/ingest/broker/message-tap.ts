import { Duplex } from 'node:stream';
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts';
import { createPacketReader, type PacketReader } from './packet-reader.ts';
import type { MqttVersion, PublishedMessage } from './publish-packet.ts';

/** Who takes the messages over. */
export interface MessageTaker {
  /**
   * Takes over a message. The broker goes on believing it undelivered until its packet id is acknowledged over the
   * connection it came by; that is without effect once the connection is gone. The broker then sends the message again,
   * and over another connection its packet id may stand for another message.
   */
  readonly take: (message: PublishedMessage, connection: Acknowledgements) => void;
  /** Where there is none, nothing more is read from the broker until `whenRoom` calls back. */
  readonly hasRoom: () => boolean;
  readonly whenRoom: (proceed: () => void) => void;
}

/** Opens a connection that hands over what comes, in memory that it may use again after that. */
export type Opening = (onBytes: (bytes: Buffer) => void) => Duplex;

export interface MessageTapOptions {
  readonly version: MqttVersion;
  /** Of a larger payload only so much is kept, and a topic of any length beside it. */
  readonly keptPayloadBytes: number;
  readonly taker: MessageTaker;
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
  readonly #taker: MessageTaker;
  readonly #reader: PacketReader;
  readonly #acknowledgements: Acknowledgements;
  /** There is no room for more. */
  #isHeld = false;
  #pingsAnswered = 0;

  constructor(open: Opening, { version, keptPayloadBytes, taker }: MessageTapOptions) {
    super();
    this.#taker = taker;
    this.#reader = createPacketReader({ version, keptBytes: keptPayloadBytes + MAX_HEAD_BYTES });
    // By the same way as what the client writes, which comes in parts: never into the middle of one of its packets.
    this.#acknowledgements = createAcknowledgements(this);
    const connection = open((bytes) => {
      this.#reader.add(bytes);
      this.#takeWhatIsHere();
    });
    this.#connection = connection;
    connection.on('end', () => this.push(null));
    connection.on('error', (error) => this.destroy(error));
    connection.on('close', () => this.destroy());
  }

  #takeWhatIsHere(): void {
    try {
      this.#takePackets();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
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

  #handOver(message: PublishedMessage): void {
    this.#taker.take(message, this.#acknowledgements);
    if (this.#taker.hasRoom()) return;
    this.#isHeld = true;
    this.#taker.whenRoom(() => {
      this.#isHeld = false;
      this.#takeWhatIsHere();
    });
  }

  #letThrough(packet: Buffer): void {
    const isAnswered = this.#pingsAnswered > 0 && packet.equals(PINGRESP);
    if (isAnswered) this.#pingsAnswered -= 1;
    // The client may look at it later, when the memory it came in is used for something else.
    else this.push(Buffer.from(packet));
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
