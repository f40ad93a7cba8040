import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../../src/ingest/files/csv-format.ts';
import { interpretBlock, type RejectedLine } from '../../../../src/ingest/files/interpret-block.ts';
import { lineBlocks } from '../../../../src/ingest/files/line-blocks.ts';

const HEADER = 'meter,at,index_l';
const RECEIVED_AT = new Date('2026-11-23T12:00:00Z');
const KIB = 1_024;

async function* parts(text: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let from = 0, at = 0; from < text.length; at += 1) {
    const to = from + (sizes[at % sizes.length] ?? 1);
    yield await Promise.resolve(text.subarray(from, to));
    from = to;
  }
}

/** What the lines say when their bytes come in parts of these sizes. */
async function readIn(text: string, sizes: readonly number[]) {
  const rejected: RejectedLine[] = [];
  const indexes: number[] = [];
  let lines = 0;
  let longest = 0;
  const bytes: Buffer[] = [];
  for await (const block of lineBlocks(parts(Buffer.from(text), sizes))) {
    const origin = {
      source: 'file' as const,
      receivedAt: RECEIVED_AT,
      firstLine: lines + 1,
      takenFromMs: -Infinity,
      lastLineMayBeCut: true,
    };
    const chunk = interpretBlock(block, { ...origin, format: csvFormat(Buffer.from(HEADER)) });
    lines += chunk.lines;
    rejected.push(...chunk.rejected);
    indexes.push(...chunk.messages.flatMap(({ content }) => content?.readings.map((one) => one.indexLitres) ?? []));
    longest = Math.max(longest, block.bytes.length);
    bytes.push(block.bytes);
  }
  return { lines, indexes, longest, rejected: rejected.map(({ line, reason }) => `${line} ${reason}`), bytes };
}

const row = (index: number) => `WM-1,2026-11-23T11:00:00Z,${index}\n`;
const rows = (from: number, count: number) => Array.from({ length: count }, (_, at) => row(from + at)).join('');

describe('lines that come in parts', () => {
  it('are read whole, wherever the parts end', async () => {
    const text = `${HEADER}\n${rows(0, 10_000)}`;
    const sizes = fc.array(fc.integer({ min: 1, max: 200 * KIB }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, async (some) => {
        const read = await readIn(text, [...some, 64 * KIB]);
        expect(read.indexes).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
        expect([read.lines, read.rejected]).toEqual([10_001, []]);
        expect(Buffer.concat(read.bytes).toString()).toBe(text);
      }),
      { numRuns: 5 },
    );
  });

  it.each([300 * KIB, 700 * KIB, 3_000 * KIB])(
    'are passed over where one is %i bytes long, and it is named',
    async (long) => {
      const text = `${HEADER}\n${row(1)}${'x'.repeat(long)}\n${row(2)}`;
      for (const size of [64 * KIB, 333_333, 10_000_000]) {
        const read = await readIn(text, [size]);
        expect(read).toMatchObject({ indexes: [1, 2], lines: 4, rejected: ['3 too_large'] });
        if (size === 64 * KIB) expect(read.longest).toBeLessThan(400 * KIB);
      }
    },
  );

  it('are all but the last, where that one has no end and may have been cut off', async () => {
    const read = await readIn(`${HEADER}\n${row(1)}${row(234).slice(0, -2)}`, [64]);
    expect(read).toMatchObject({ indexes: [1], rejected: ['3 schema_mismatch'] });
  });

  it('may begin with a byte-order mark', async () => {
    expect(await readIn(`\uFEFF${HEADER}\n${row(1)}`, [64])).toMatchObject({ indexes: [1], rejected: [] });
  });
});
