import fc from 'fast-check';
import { generate, type IPublishPacket, type Packet } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { createPacketReader } from '../../../../src/ingest/broker/packet-reader.ts';
import { copyOf } from '../../../support/held-messages.ts';

const KEPT = 1_000;
const PINGRESP = Buffer.of(0xd0, 0);

type ReadPacket = (ReturnType<typeof copyOf> & { readonly packetId: number }) | Buffer;

/** Everything that is read when the bytes come in pieces that end at these places. */
function readInPieces(bytes: Buffer, version: 4 | 5, ends: readonly number[]): ReadPacket[] {
  const reader = createPacketReader({ version, keptBytes: KEPT });
  const packets: ReadPacket[] = [];
  // As a socket does, all pieces come in the same memory.
  const memory = Buffer.alloc(bytes.length);
  const places = [...ends, bytes.length].map((end) => Math.min(end, bytes.length));
  const borders = [...new Set(places)].toSorted((a, b) => a - b);
  let from = 0;
  for (const end of borders) {
    memory.fill(0xff);
    bytes.copy(memory, 0, from, end);
    reader.add(memory.subarray(0, end - from));
    for (let packet = reader.next(); packet; packet = reader.next()) {
      packets.push(Buffer.isBuffer(packet) ? Buffer.from(packet) : { ...copyOf(packet), packetId: packet.packetId });
    }
    from = end;
  }
  return packets;
}

/** What another implementation of MQTT was told to write, as ours should read it. */
function expected(packet: Packet, version: 4 | 5): ReadPacket {
  if (packet.cmd !== 'publish') return generate(packet, { protocolVersion: version });
  const { topic, payload, qos, messageId } = packet;
  const whole = Buffer.from(payload);
  return {
    topic,
    payload: expect.any(Buffer) as Buffer<ArrayBuffer>,
    payloadBytes: whole.length,
    packetId: qos === 0 ? 0 : (messageId ?? 0),
  };
}

const publish = (given: Partial<IPublishPacket>): IPublishPacket => ({
  cmd: 'publish',
  topic: 'meters/WM-1/readings',
  payload: Buffer.from('{"at":"2026-11-23T11:00:00Z","index_l":1065}'),
  qos: 1,
  messageId: 7,
  dup: false,
  retain: false,
  ...given,
});

const PROPERTIES: IPublishPacket['properties'] = {
  payloadFormatIndicator: true,
  messageExpiryInterval: 4_321,
  responseTopic: 'answer/here',
  correlationData: Buffer.from([1, 2, 3, 4]),
  userProperties: { gateway: 'roof'.repeat(30) },
  subscriptionIdentifier: 120,
  contentType: 'application/json',
};
const properties = fc.option(fc.constant(PROPERTIES), { nil: undefined });
const message = fc
  .record({
    topic: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((text) => !/[+#\0]/.test(text)),
    payload: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom(0 as const, 1 as const),
    messageId: fc.integer({ min: 1, max: 0xffff }),
    dup: fc.boolean(),
    retain: fc.boolean(),
    properties,
  })
  .map(({ properties: given, dup, ...rest }) =>
    publish({ ...rest, dup: dup && rest.qos > 0, ...(given && { properties: given }) }),
  );
const other = fc.constantFrom<Packet>(
  { cmd: 'pingresp' },
  { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: true },
  { cmd: 'suback', messageId: 9, granted: [1, 1, 128] },
  { cmd: 'puback', messageId: 12 },
);

describe('what a broker sends', () => {
  it.each([4, 5] as const)('is read the same, wherever the pieces end in which it comes (MQTT %i)', (version) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: other }), { maxLength: 12 }),
        fc.array(fc.nat(20_000), { maxLength: 30 }),
        (packets, ends) => {
          const bytes = Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: version })));
          const read = readInPieces(bytes, version, ends);
          expect(read).toEqual(packets.map((packet) => expected(packet, version)));
          for (const [i, packet] of packets.entries()) {
            const got = read[i]!;
            if (packet.cmd !== 'publish' || Buffer.isBuffer(got)) continue;
            const whole = Buffer.from(packet.payload);
            expect(got.payload.equals(whole.subarray(0, got.payload.length))).toBe(true);
            // Cut off only where a packet is larger than what is kept of one that comes in pieces.
            expect(got.payload.length === whole.length || whole.length > KEPT / 2).toBe(true);
          }
        },
      ),
    );
  });

  it.each([4, 5] as const)('is read with a border behind every byte, one at a time (MQTT %i)', (version) => {
    const packets = [
      publish({ properties: PROPERTIES }),
      { cmd: 'pingresp' } as const,
      publish({ payload: Buffer.alloc(130, 'x'), qos: 0 }),
    ];
    const bytes = Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: version })));
    const whole = readInPieces(bytes, version, []);
    expect(whole).toHaveLength(3);
    for (let border = 1; border < bytes.length; border += 1)
      expect(readInPieces(bytes, version, [border])).toEqual(whole);
    expect(readInPieces(bytes, version, [...bytes.keys()])).toEqual(whole);
  });

  it('is kept up to a bound, however large a message is, and what comes behind it is read', () => {
    const large = publish({ payload: Buffer.alloc(2_000_000, 'x') });
    const bytes = Buffer.concat([generate(large), PINGRESP, generate(publish({}))]);
    const ends = Array.from({ length: 40 }, (_, i) => i * 65_536);
    const [message, ...rest] = readInPieces(bytes, 4, ends) as [Exclude<ReadPacket, Buffer>, ...ReadPacket[]];
    expect(message.payloadBytes).toBe(2_000_000);
    expect(message.payload.length).toBeLessThanOrEqual(KEPT);
    expect(rest).toEqual([PINGRESP, expected(publish({}), 4)]);
  });

  it.each([
    ['a message of a quality of service that was not asked for', generate(publish({ qos: 2 }))],
    ['a message of a quality of service that there is not', Buffer.of(0x36, 4, 0, 1, 0x61, 0)],
    ['a length of five bytes', Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x01)],
    ['a topic that is longer than its packet', Buffer.of(0x32, 6, 0xff, 0xff, 0x61, 0, 1, 0)],
    ['a message without room for its packet id', Buffer.of(0x32, 4, 0, 1, 0x61, 0)],
    ['a message without a topic', Buffer.of(0x32, 1, 0)],
    ['another packet larger than any', Buffer.concat([Buffer.of(0x90, 0xff, 0x7f), Buffer.alloc(16_383)])],
  ])('is refused when it is %s', (_, bytes) => {
    expect(() =>
      readInPieces(
        bytes,
        4,
        Array.from({ length: bytes.length }, (__, i) => i),
      ),
    ).toThrow(/the broker sent/);
  });

  it('is refused when the properties of a message reach beyond it', () => {
    expect(() => readInPieces(Buffer.of(0x30, 5, 0, 1, 0x61, 20, 0), 5, [])).toThrow(/before its payload/);
    expect(() => readInPieces(Buffer.of(0x30, 3, 0, 1, 0x61, 0, 0x30), 5, [])).toThrow(/before its payload/);
  });

  it('never does worse than to be refused, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 10 }),
        fc.constantFrom(4 as const, 5 as const),
        (noise, ends, version) => {
          try {
            readInPieces(Buffer.from(noise), version, ends);
          } catch (error) {
            expect(error).toMatchObject({ name: 'MqttProtocolError', code: 'EPROTO' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
