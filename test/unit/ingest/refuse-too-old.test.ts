import { expect, it } from 'vitest';
import { ok } from '../../../src/core/result.ts';
import { forgottenBeforeMs, settledBeforeMs, takenFromMs } from '../../../src/domain/metering/retention.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import type { DecodedMessage } from '../../../src/ingest/decoders/decoder.ts';
import { refuseTooOld } from '../../../src/ingest/retention/refuse-too-old.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T00:00:00Z');
const FROM = NOW - 393 * DAY;

function saying(...readAtMs: number[]) {
  return ok<DecodedMessage>({
    serial: 'WM-1',
    readings: readAtMs.map((atMs) => ({ readAtMs: atMs, indexLitres: litres(1_000) })),
    flags: ['leak'],
    sequence: { sender: 'WM-1', stream: '', seq: 7 },
  });
}

it('leaves a message as it is when all its readings are recent enough', () => {
  const message = saying(FROM, NOW);
  expect(refuseTooOld(message, FROM)).toBe(message);
});

it('refuses a message that is too old as a whole, and still counts it as arrived', () => {
  expect(refuseTooOld(saying(FROM - 1), FROM)).toMatchObject({
    error: {
      reason: 'too_old',
      detail: 'before 2025-10-27T00:00:00.000Z, from when on readings are taken',
      sequence: { seq: 7 },
    },
  });
});

it('takes the recent readings of a message and keeps it for the others', () => {
  expect(refuseTooOld(saying(FROM - DAY, FROM, NOW), FROM)).toMatchObject({
    value: {
      readings: [{ readAtMs: FROM }, { readAtMs: NOW }],
      flags: ['leak'],
      rejection: { reason: 'too_old', detail: expect.stringMatching(/^1 of 3 readings: before/) },
    },
  });
});

it('says first what else was wrong with a message', () => {
  const rejection = { reason: 'from_the_future', detail: 'reading 1 of 2' } as const;
  const message = saying(FROM - 1, NOW);
  if (!message.ok) throw new Error('not understood');
  expect(refuseTooOld(ok({ ...message.value, rejection }), FROM)).toMatchObject({ value: { rejection } });
});

it('refuses nothing where nothing is ever deleted', () => {
  expect(takenFromMs(NOW, undefined)).toBe(-Infinity);
});

it('takes no reading that the retention or a day that stands for good would then make useless', () => {
  expect(takenFromMs(NOW, 400)).toBe(FROM);
  expect(settledBeforeMs(NOW, 400)).toBeLessThanOrEqual(takenFromMs(NOW, 400) - DAY);
  expect(forgottenBeforeMs(NOW, 400)).toBeLessThanOrEqual(settledBeforeMs(NOW, 400) - 2 * DAY);
});
