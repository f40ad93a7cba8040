import { MqttProtocolError } from './protocol-error.ts';

const MAX_BYTES = 4;

/**
 * How many bytes the variable byte integer at this place takes (MQTT 5.0, section 1.5.5); undefined when not all of
 * them are here.
 *
 * @throws MqttProtocolError where none stands.
 */
export function integerBytesAt(bytes: Uint8Array, at: number): number | undefined {
  for (let count = 1; count <= MAX_BYTES; count += 1) {
    const byte = bytes[at + count - 1];
    if (byte === undefined) return undefined;
    if (byte < 0x80) return count;
  }
  throw new MqttProtocolError('the broker sent a length that is none');
}

/** Its amount: seven bits a byte, the lowest first. */
export function integerAt(bytes: Uint8Array, at: number, byteCount: number): number {
  let amount = 0;
  for (let i = byteCount - 1; i >= 0; i -= 1) amount = amount * 0x80 + ((bytes[at + i] ?? 0) & 0x7f);
  return amount;
}
