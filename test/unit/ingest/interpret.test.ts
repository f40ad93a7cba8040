import { expect, it } from 'vitest';
import { interpret, MAX_PAYLOAD_BYTES } from '../../../src/ingest/interpret.ts';

const message = (topic: string, payload: string, payloadBytes = Buffer.byteLength(payload)) => ({
  topic,
  payload: Buffer.from(payload),
  payloadBytes,
  receivedAt: new Date('2026-11-23T12:00:00Z'),
});
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
    topicFilter: 'odd/+',
    identify: () => 'WM-1',
    decode: () => {
      throw new TypeError('of undefined');
    },
  };
  expect(interpret(message('odd/1', READING), [broken]).rejection).toEqual({
    reason: 'decoder_failed',
    detail: 'of undefined',
  });
});
