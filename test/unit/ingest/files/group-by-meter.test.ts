import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MeterFlag } from '../../../../src/domain/metering/meter-flag.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import type { DecodedMessage } from '../../../../src/ingest/decoders/decoder.ts';
import { groupByMeter } from '../../../../src/ingest/files/group-by-meter.ts';
import { KEPT_PAYLOAD_BYTES } from '../../../../src/db/quarantine.ts';

const ORIGIN = { source: 'file', receivedAt: new Date('2026-11-23T12:00:00Z') } as const;
const AT = Date.UTC(2026, 10, 23);

const line = (serial: string, indexLitres: number, flags: MeterFlag[] = []): DecodedMessage => ({
  serial,
  readings: [{ readAtMs: AT, indexLitres: litres(indexLitres) }],
  flags,
});

it('keeps the readings of each meter in the order of the lines, so that the first value stays the first', () => {
  const flags = fc.constantFrom<MeterFlag[]>([], [], ['leak']);
  const lines = fc.array(fc.record({ serial: fc.constantFrom('WM-1', 'WM-2'), flags }));
  fc.assert(
    fc.property(lines, (given) => {
      const contents = given.map(({ serial, flags: said }, at) => line(serial, at, said));
      const messages = groupByMeter(contents, ORIGIN);
      for (const serial of ['WM-1', 'WM-2']) {
        const grouped = messages.flatMap(({ content }) => (content?.serial === serial ? content.readings : []));
        expect(grouped).toEqual(contents.flatMap((one) => (one.serial === serial ? one.readings : [])));
      }
    }),
  );
});

it('makes one message of a meter, but leaves a line with flags by itself', () => {
  const contents = [line('WM-1', 1), line('WM-2', 2), line('WM-1', 3), line('WM-1', 4, ['leak']), line('WM-1', 5)];
  const said = groupByMeter(contents, ORIGIN).map(({ content }) => [
    content?.serial,
    content?.readings.map(({ indexLitres }) => indexLitres),
    content?.flags,
  ]);
  expect(said).toEqual([
    ['WM-1', [1, 3], []],
    ['WM-2', [2], []],
    ['WM-1', [4], ['leak']],
    ['WM-1', [5], []],
  ]);
});

it('makes no message that is too large to be kept whole', () => {
  const messages = groupByMeter(
    Array.from({ length: 2_500 }, () => line('W'.repeat(64), 1e12)),
    ORIGIN,
  );

  expect(messages.map(({ content }) => content?.readings.length)).toEqual([1_000, 1_000, 500]);
  expect(Math.max(...messages.map(({ message }) => message.payloadBytes))).toBeLessThan(KEPT_PAYLOAD_BYTES);
});
