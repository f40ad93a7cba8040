import { BUILT_IN_DECODERS } from '../src/ingest/decoders/decoders.ts';
import { interpret } from '../src/ingest/interpret.ts';
import { type Comparison, inTurns } from './measure.ts';

const SINGLE = { what: 'decode single readings', messages: 100_000, hours: 1 };
const DAILY = { what: 'decode days of readings', messages: 10_000, hours: 24 };
const RECEIVED_AT = new Date('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;

/** Messages as meters send them, one reading each or a day: decoded and checked, beside JSON.parse alone. */
export async function benchDecode(): Promise<Comparison[]> {
  return [await benchMessages(SINGLE), await benchMessages(DAILY)];
}

async function benchMessages({ what, messages, hours }: typeof SINGLE): Promise<Comparison> {
  const payload = payloadOf(hours);
  const message = {
    source: 'mqtt' as const,
    topic: 'meters/M-1/readings',
    payload,
    payloadBytes: payload.byteLength,
    receivedAt: RECEIVED_AT,
  };
  const rates = await inTurns(
    messages,
    () => {
      for (let i = 0; i < messages; i += 1) interpret(message, BUILT_IN_DECODERS);
    },
    () => {
      for (let i = 0; i < messages; i += 1) JSON.parse(payload.toString());
    },
  );
  return { path: what, unit: 'messages', ours: 'decoded and checked', baseline: 'JSON.parse', ...rates };
}

function payloadOf(hours: number): Buffer {
  const readings = Array.from({ length: hours }, (_, hour) => ({
    at: new Date(RECEIVED_AT.getTime() - (hours - hour) * HOUR_MS).toISOString().replace('.000', ''),
    index_l: 123_456 + hour * 7,
  }));
  return Buffer.from(JSON.stringify({ readings, seq: 17 }));
}
