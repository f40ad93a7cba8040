import { expect, it } from 'vitest';
import { BUILT_IN_DECODERS } from '../../../src/ingest/decoders/decoders.ts';
import type { Decoder } from '../../../src/ingest/decoders/decoder.ts';
import { interpret as interpretWith, MAX_PAYLOAD_BYTES } from '../../../src/ingest/interpret.ts';

const message = (topic: string, payload: string, payloadBytes = Buffer.byteLength(payload)) => ({
  source: 'mqtt' as const,
  topic,
  payload: Buffer.from(payload),
  payloadBytes,
  receivedAt: new Date('2026-11-23T12:00:00Z'),
});
const interpret = (received: ReturnType<typeof message>, decoders: readonly Decoder[] = BUILT_IN_DECODERS) =>
  interpretWith(received, decoders);
const READING = '{"at":"2026-11-23T11:00:00Z","index_l":1}';

it('finds the format of a message by its topic', () => {
  expect(interpret(message('meters/WM-1/readings', READING)).content?.serial).toBe('WM-1');
  expect(interpret(message('weather/readings', READING)).rejection?.reason).toBe('unknown_topic');
  expect(interpret(message('meters/../readings/x', READING)).rejection?.reason).toBe('unknown_topic');
});

it('does not read what is too large', () => {
  const { content, rejection } = interpret(message('meters/WM-1/readings', READING, MAX_PAYLOAD_BYTES + 1));
  expect(content).toBeUndefined();
  expect(rejection?.reason).toBe('too_large');
  expect(interpret(message('meters/WM-1/readings', READING, MAX_PAYLOAD_BYTES)).rejection).toBeUndefined();
});

it('survives a decoder that does not', () => {
  const broken = {
    name: 'odd',
    topicFilters: ['odd/+'],
    identify: () => ({ sender: 'WM-1' }),
    decode: () => {
      throw new TypeError('of undefined');
    },
  };
  expect(interpret(message('odd/1', READING), [broken]).rejection).toEqual({
    reason: 'decoder_failed',
    detail: 'of undefined',
  });
});

it('refuses a reading that would be deleted at once, and takes a younger one', () => {
  const at = Date.parse('2026-11-23T11:00:00Z');
  expect(interpretWith(message('meters/WM-1/readings', READING), BUILT_IN_DECODERS, at + 1)).toMatchObject({
    content: undefined,
    rejection: { reason: 'too_old' },
  });
  expect(interpretWith(message('meters/WM-1/readings', READING), BUILT_IN_DECODERS, at).rejection).toBeUndefined();
});
