import { describe, expect, it } from 'vitest';
import { err } from '../../../src/core/result.ts';
import { ReadingRuns } from '../../../src/db/reading-runs.ts';
import { allRuns } from '../../../src/db/run-pieces.ts';
import { type BatchDraft, draftOf } from '../../../src/ingest/batch-draft.ts';
import type { Decoder } from '../../../src/ingest/decoders/decoder.ts';
import { decodersFrom } from '../../../src/ingest/decoders/decoders.ts';
import { interpret } from '../../../src/ingest/interpret.ts';
import { createKnownTopics } from '../../../src/ingest/known-topics.ts';
import { MessageBatch } from '../../../src/ingest/message-batch.ts';
import { readBatch } from '../../../src/ingest/read-batch.ts';
import { samplesOf } from '../../support/flat-reading.ts';
import { type HostileMessage, hostileMessages } from '../../support/hostile/hostile-messages.ts';

const SEED = Number(process.env['STILLWATER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RECEIVED_AT = Date.UTC(2026, 10, 23, 12);
const TAKEN_FROM = Date.UTC(2026, 0, 1);
const METER_IDS = new Map(['WM-1', 'WM-2', 'WM-3', '0018B20000000001'].map((serial, index) => [serial, index + 1]));
const DECODERS = decodersFrom({});
const NOBODY = { add: () => undefined };

interface Sent {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Of a payload of which not all was kept. */
  readonly payloadBytes?: number;
}

function batchOf(messages: readonly Sent[]): MessageBatch {
  const bytes = messages.map(({ topic, payload }) => Buffer.concat([Buffer.from(topic), payload]));
  const batch = new MessageBatch(messages.length, Buffer.concat(bytes).length);
  for (const [i, { topic, payload, payloadBytes = payload.length }] of messages.entries()) {
    const topicEnd = Buffer.byteLength(topic);
    const place = { topicAt: 0, topicEnd, payloadAt: topicEnd, payloadEnd: topicEnd + payload.length };
    batch.add({ bytes: bytes[i]!, ...place, payloadBytes, packetId: 1 }, RECEIVED_AT, NOBODY);
  }
  return batch;
}

function readerOf(decoders = DECODERS) {
  const topics = createKnownTopics(decoders);
  return {
    topics,
    read: (batch: MessageBatch) => readBatch(batch, { decoders, topics, takenFromMs: TAKEN_FROM }, new ReadingRuns()),
  };
}

function contentOf(draft: BatchDraft) {
  const { readings, flags, quarantined, sequences } = draft.plan(METER_IDS);
  const kept = quarantined.map(({ payload, ...rest }) => ({ ...rest, payload: Buffer.from(payload).toString('hex') }));
  return { readings: samplesOf(allRuns(readings)), flags, kept, sequences };
}

const oneByOne = (batch: MessageBatch) =>
  draftOf(Array.from({ length: batch.count }, (_, i) => interpret(batch.message(i), DECODERS, TAKEN_FROM)));

describe('a batch', () => {
  it('says the same whether its usual messages are read straight from their bytes or all go through the decoders', () => {
    const { topics, read } = readerOf();
    const source = hostileMessages({
      seed: SEED,
      serials: ['WM-1', 'WM-2'],
      victims: ['WM-3', '0018B20000000001', 'nobody'],
      topicFilters: ['meters/+/readings', 'head-ends/+/meters/+/readings', ...DECODERS.flatMap((d) => d.topicFilters)],
      withImpossibleTopics: false,
    });
    let usual = 0;
    for (let round = 0; round < 200; round += 1) {
      const messages = Array.from({ length: 20 }, () => source.next().value as HostileMessage);
      const batch = batchOf(messages);
      const draft = read(batch);
      usual += draft.readings.count;
      expect(contentOf(draft), `seed ${SEED}, round ${round}`).toEqual(contentOf(oneByOne(batch)));
      expect(draft.messages()).toHaveLength(20);
      // What was looked up is known from the next batch on.
      read(batch).plan(METER_IDS, topics.learn);
    }
    expect(usual).toBeGreaterThan(100);
  });

  const reading = (serial: string, at = '2026-11-23T11:00:00Z') =>
    Buffer.from(`{"meter":"${serial}","at":"${at}","index_l":7,"seq":4}`);
  const topic = 'head-ends/east/meters/WM-1/readings';

  it('asks for no meter and makes nothing of a usual message whose topic is known', () => {
    const { topics, read } = readerOf();
    topics.learn(topic, 1);
    const draft = read(batchOf([{ topic, payload: reading('WM-1') }]));
    expect(draft.serials().size).toBe(0);
    expect(contentOf(draft)).toEqual({
      readings: [
        { meterId: 1, receivedAtMs: RECEIVED_AT, readings: [{ readAtMs: RECEIVED_AT - 3_600_000, indexLitres: 7 }] },
      ],
      flags: [],
      kept: [],
      sequences: [{ sender: 'east', stream: '', first: 4, last: 4, oldest: undefined }],
    });
  });

  it.each([
    ['a meter that is not the one of its topic', { payload: reading('WM-2') }],
    ['a time that cannot be yet', { payload: reading('WM-1', '2026-11-23T12:10:01Z') }],
    ['a time before which nothing is taken', { payload: reading('WM-1', '2025-12-31T23:59:59Z') }],
    ['a payload of which not all was kept', { payload: reading('WM-1'), payloadBytes: 300_000 }],
    ['nothing at all', { payload: Buffer.alloc(0) }],
  ])('leaves to the decoders a message with %s', (_, given) => {
    const { topics, read } = readerOf();
    topics.learn(topic, 1);
    const draft = read(
      batchOf([
        { topic, ...given },
        { topic, payload: reading('WM-1') },
      ]),
    );
    expect(contentOf(draft).kept).toHaveLength(1);
    expect(contentOf(draft).readings).toHaveLength(1);
  });

  it('knows no topic of a format that is not ours, nor one of ours that somebody else describes', () => {
    const [first] = DECODERS;
    const other = {
      ...first!,
      identify: () => ({ sender: 'x' }),
      decode: () => err({ reason: 'not_json', detail: '' }),
    };
    const { topics } = readerOf([other as Decoder, ...DECODERS]);
    topics.learn(topic, 1);
    expect(topics.get(topic)).toBeUndefined();
    const ours = readerOf().topics;
    ours.learn('wmbusmeters/WM-1', 1);
    ours.learn(topic, 1);
    expect(ours.get('wmbusmeters/WM-1')).toBeUndefined();
    expect(ours.get(topic)).toEqual({ sender: 'east', serial: 'WM-1', meterId: 1 });
  });
});
