import { describe, expect, it } from 'vitest';
import { copyBatch } from '../../../bench/ingest/copy-batches.ts';
import { encodeMessages } from '../../../bench/ingest/encode-messages.ts';
import { messageText } from '../../../bench/ingest/message-text.ts';
import { createFrameSplitter } from '../../../bench/ingest/mqtt-frames.ts';
import { contentAt, expectedRows, lastRow, rowsOf, type Workload, workloadOf } from '../../../bench/ingest/workload.ts';
import { nativeJson } from '../../../src/ingest/decoders/native-json.ts';

const RECEIVED_AT = new Date('2026-03-02T00:00:00Z');
const QOS_1_PUBLISH = 0x32;

const WORKLOADS = [
  workloadOf({ load: 'single', messages: 25_000 }),
  workloadOf({ load: 'single', messages: 25_000, repeats: 0.25 }),
  workloadOf({ load: 'batch24', messages: 14_000, repeats: 0.25 }),
];

describe.each(WORKLOADS)('$messages messages, $load, $repeats of them repeated', (workload) => {
  it('stand for as many different rows as are expected', () => {
    const rows = new Set(rowsIn(workload));
    expect(rows.size).toBe(expectedRows(workload));
  });

  it('repeat as many as they are said to', () => {
    const firsts = Array.from({ length: workload.messages }, (_, place) => contentAt(workload, place));
    const distinct = new Set(firsts.map(({ meter, firstHour }) => `${meter} ${firstHour}`));
    expect(1 - distinct.size / workload.messages).toBeCloseTo(workload.repeats, 3);
  });

  it('end with the row that is waited for, which no earlier one has', () => {
    const rows = rowsIn(workload);
    const { meter, readAtMs } = lastRow(workload);
    expect(rows.indexOf(`${meter} ${readAtMs}`)).toBe(rows.length - 1);
  });
});

describe('a message', () => {
  it.each(['single', 'batch24'] as const)('of the load %s is one that the service understands', (load) => {
    const workload = workloadOf({ load, messages: 8 });
    const { topic, payload } = messageText(workload, 5);
    const identity = nativeJson.identify(topic)!;
    const decoded = nativeJson.decode(identity, Buffer.from(payload), RECEIVED_AT);
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        readings: rowsOf(workload, contentAt(workload, 5)).map(({ readAtMs, indexLitres }) => ({
          readAtMs,
          indexLitres,
        })),
      },
    });
  });

  it('of a head-end that numbers them carries its place in the row', () => {
    const workload = workloadOf({ load: 'single', messages: 8, isSequenced: true });
    const { topic, payload } = messageText(workload, 7);
    const decoded = nativeJson.decode(nativeJson.identify(topic)!, Buffer.from(payload), RECEIVED_AT);
    expect(decoded).toMatchObject({ ok: true, value: { sequence: { sender: 'bench', seq: 7 } } });
  });

  it.each(['single', 'batch24'] as const)(
    'of the load %s is a packet that can be cut out of the stream again',
    (load) => {
      const workload = workloadOf({ load, messages: 12 });
      const { bytes, ends } = encodeMessages(workload);
      const packets: { firstByte: number; topic: string; id: number; payload: string }[] = [];
      const split = createFrameSplitter((firstByte, body) => packets.push({ firstByte, ...contentOf(body) }));
      const sent = bytes.subarray(0, ends[11]);
      for (let at = 0; at < sent.length; at += 7) split(sent.subarray(at, at + 7));
      expect(packets).toEqual(
        Array.from({ length: 12 }, (_, place) => ({
          firstByte: QOS_1_PUBLISH,
          id: place + 1,
          ...messageText(workload, place),
        })),
      );
    },
  );
});

describe('a row for COPY', () => {
  it('is laid out as PostgreSQL documents it', () => {
    const row = { meter: 2, readAtMs: Date.UTC(2000, 0, 1, 0, 0, 1), indexLitres: 7 };
    const second = '00000008' + '00000000000f4240';
    expect(copyBatch([row], 10).toString('hex')).toBe(
      '5047434f50590aff0d0a00' +
        '0000000000000000' + //
        `000400000008000000000000000c${second}000000080000000000000007${second}ffff`,
    );
  });
});

function rowsIn(workload: Workload): string[] {
  return Array.from({ length: workload.messages }, (_, place) => rowsOf(workload, contentAt(workload, place)))
    .flat()
    .map(({ meter, readAtMs }) => `${meter} ${readAtMs}`);
}

function contentOf(body: Buffer) {
  const topicEnd = 2 + body.readUInt16BE(0);
  return {
    topic: body.toString('latin1', 2, topicEnd),
    id: body.readUInt16BE(topicEnd),
    payload: body.toString('latin1', topicEnd + 2),
  };
}
