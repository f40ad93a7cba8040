import type { Acknowledgements } from './broker/acknowledgements.ts';
import type { PublishedMessage } from './broker/publish-packet.ts';
import type { ReceivedMessage } from './message.ts';

/**
 * Messages that wait for their commit together, as they came.
 *
 * Their bytes are copied one behind the other into one piece of memory, which is used again for a later batch: what
 * waits takes no more than that, and leaves nothing for the garbage collector.
 */
export class MessageBatch {
  readonly bytes: Buffer;
  readonly #messages: number;
  /** Of each message: where its topic begins, where that ends and the payload begins, and where what is kept of it ends. */
  readonly topicAt: Int32Array;
  readonly payloadAt: Int32Array;
  readonly payloadEnd: Int32Array;
  /** Of each message, in milliseconds since 1970. */
  readonly receivedAtMs: Float64Array;
  readonly #payloadBytes: Float64Array;
  readonly #packetIds: Uint16Array;
  /** Over which connection each came. */
  readonly #connections: Acknowledgements[] = [];
  #count = 0;
  #usedBytes = 0;

  /** Has room for so many messages and bytes. */
  constructor(messages: number, bytes: number) {
    this.#messages = messages;
    this.bytes = Buffer.allocUnsafeSlow(bytes);
    this.topicAt = new Int32Array(messages);
    this.payloadAt = new Int32Array(messages);
    this.payloadEnd = new Int32Array(messages);
    this.receivedAtMs = new Float64Array(messages);
    this.#payloadBytes = new Float64Array(messages);
    this.#packetIds = new Uint16Array(messages);
  }

  get count(): number {
    return this.#count;
  }

  /** How much memory the messages take. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  get isFull(): boolean {
    return !this.hasRoomFor(1);
  }

  hasRoomFor(bytes: number): boolean {
    return this.#count < this.#messages && this.#usedBytes + bytes <= this.bytes.length;
  }

  /** Copies a message for which there is room. */
  add(message: PublishedMessage, receivedAtMs: number, connection: Acknowledgements): void {
    const { bytes, topicAt, topicEnd, payloadAt, payloadEnd } = message;
    const place = this.#count;
    this.topicAt[place] = this.#usedBytes;
    this.#copy(bytes, topicAt, topicEnd);
    this.payloadAt[place] = this.#usedBytes;
    this.#copy(bytes, payloadAt, payloadEnd);
    this.payloadEnd[place] = this.#usedBytes;
    this.receivedAtMs[place] = receivedAtMs;
    this.#payloadBytes[place] = message.payloadBytes;
    this.#packetIds[place] = message.packetId;
    this.#connections.push(connection);
    this.#count += 1;
  }

  #copy(from: Buffer, start: number, end: number): void {
    from.copy(this.bytes, this.#usedBytes, start, end);
    this.#usedBytes += end - start;
  }

  /** Whether all of the payload was kept. */
  isWhole(place: number): boolean {
    return this.#payloadBytes[place] === (this.payloadEnd[place] ?? 0) - (this.payloadAt[place] ?? 0);
  }

  /** The topic, a letter a byte: something to look it up by. */
  topicKey(place: number): string {
    return this.bytes.toString('latin1', this.topicAt[place], this.payloadAt[place]);
  }

  /** The message by itself, good until the batch is emptied. */
  message(place: number): ReceivedMessage {
    return {
      source: 'mqtt',
      topic: this.bytes.toString('utf8', this.topicAt[place], this.payloadAt[place]),
      payload: this.bytes.subarray(this.payloadAt[place], this.payloadEnd[place]),
      payloadBytes: this.#payloadBytes[place] ?? 0,
      receivedAt: new Date(this.receivedAtMs[place] ?? Number.NaN),
    };
  }

  /** Acknowledges all messages, in the order of arrival, each over the connection it came by. */
  acknowledge(): void {
    for (let place = 0; place < this.#count; place += 1) {
      const packetId = this.#packetIds[place] ?? 0;
      if (packetId > 0) this.#connections[place]?.add(packetId);
    }
  }

  /** Forgets the messages, and keeps the room. */
  empty(): void {
    this.#count = 0;
    this.#usedBytes = 0;
    this.#connections.length = 0;
  }
}
