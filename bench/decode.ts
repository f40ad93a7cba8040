import { interpret } from '../src/ingest/interpret.ts';
import { type Comparison, inTurns } from './measure.ts';

const MESSAGES = 100_000;

/** Single readings as meters send them: decoded and checked, beside JSON.parse alone. */
export async function benchDecode(): Promise<Comparison> {
  const receivedAt = new Date('2026-03-02T00:00:00Z');
  const payload = Buffer.from('{"readings":[{"at":"2026-03-01T23:00:00Z","index_l":123456}],"seq":17}');
  const message = { topic: 'meters/M-1/readings', payload, payloadBytes: payload.byteLength, receivedAt };
  const rates = await inTurns(
    MESSAGES,
    () => {
      for (let i = 0; i < MESSAGES; i += 1) interpret(message);
    },
    () => {
      for (let i = 0; i < MESSAGES; i += 1) JSON.parse(payload.toString());
    },
  );
  return { path: 'decode', unit: 'messages', ours: 'decoded and checked', baseline: 'JSON.parse', ...rates };
}
