import { describe, expect, it } from 'vitest';
import { draftOf } from '../../../src/ingest/batch-draft.ts';
import type { MessageSequence } from '../../../src/ingest/decoders/decoder.ts';
import type { InterpretedMessage, ReceivedMessage } from '../../../src/ingest/message.ts';

const received = (source: ReceivedMessage['source']): ReceivedMessage => ({
  source,
  topic: 'head-ends/east/meters/WM-1/readings',
  payload: new Uint8Array(),
  payloadBytes: 0,
  receivedAt: new Date('2026-11-23T12:00:00Z'),
});

function message(place: Partial<MessageSequence>, source: ReceivedMessage['source'] = 'mqtt'): InterpretedMessage {
  const sequence = { sender: 'east', stream: '', seq: 0, ...place };
  return {
    message: received(source),
    content: { serial: 'WM-1', readings: [], flags: [], sequence },
    rejection: undefined,
  };
}

const sequencesIn = (messages: readonly InterpretedMessage[]) => draftOf(messages).sequences.runs;

describe('the numbers of a batch', () => {
  it('are noted as ranges, for each row of each sender', () => {
    const numbers = [
      message({ seq: 4, oldest: 2 }),
      message({ seq: 5, oldest: 3 }),
      message({ sender: 'west', seq: 9 }),
      message({ seq: 6, oldest: 3 }),
      message({ stream: 'east', seq: 7 }),
      message({ seq: 9 }),
    ];
    expect(sequencesIn(numbers)).toEqual([
      { sender: 'east', stream: '', first: 4, last: 6, oldest: 3 },
      { sender: 'west', stream: '', first: 9, last: 9, oldest: undefined },
      { sender: 'east', stream: 'east', first: 7, last: 7, oldest: undefined },
      { sender: 'east', stream: '', first: 9, last: 9, oldest: undefined },
    ]);
  });

  it('count also of messages that are kept because they were not understood', () => {
    const sequence = { sender: 'east', stream: '', seq: 3 };
    const rejection = { reason: 'schema_mismatch', detail: 'index_l: too small', sequence } as const;
    expect(sequencesIn([{ message: received('mqtt'), content: undefined, rejection }])).toMatchObject([{ first: 3 }]);
  });

  it('count only where the broker vouched for the sender', () => {
    expect(sequencesIn([message({}, 'http'), message({}, 'file')])).toEqual([]);
  });

  it.each([
    ['sender', { sender: 'east/#' }],
    ['sender without a name', { sender: '' }],
    ['row', { stream: 'a row' }],
    ['row that a database cannot keep', { stream: '\0' }],
    ['row that would end a list', { stream: '"},{"' }],
    ['number after which there is none', { seq: Number.MAX_SAFE_INTEGER }],
  ])('do not count for an impossible %s', (_what, place) => {
    expect(sequencesIn([message(place)])).toEqual([]);
  });

  it('do not let a sender give up what it is just sending', () => {
    expect(sequencesIn([message({ seq: 5, oldest: 900 })])).toMatchObject([{ oldest: 5 }]);
  });
});
