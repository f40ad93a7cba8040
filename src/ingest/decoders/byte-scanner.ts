import {
  digitAt,
  MILLISECONDS_BYTES,
  offsetBytes,
  scanMilliseconds,
  scanOffset,
  scanWallClock,
  WALL_CLOCK_BYTES,
} from './scan-time.ts';

const DIGIT_0 = 0x30;
/** Fewer than 2^53 has, so that no digit is lost. */
const MAX_DIGITS = 15;
const MAX_NAME = 64;
/** 1 for each byte that may stand in a name. */
const IS_NAME_BYTE = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-')) {
  IS_NAME_BYTE[byte] = 1;
}

/** Reads text that is expected byte by byte, from the beginning on. What does not meet the expectation moves nothing. */
export class ByteScanner {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Goes past this text, if it is what comes next. */
  skip(text: Uint8Array): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    for (let i = 0; i < text.length; i += 1) if (bytes[from + i] !== text[i]) return false;
    this.#at = from + text.length;
    return true;
  }

  /** A whole number as JSON writes it, without sign and exponent; undefined where none stands, or one too long. */
  wholeNumber(): number | undefined {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let amount = 0;
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
      amount = amount * 10 + digit;
      at += 1;
    }
    const digits = at - from;
    const hasLeadingZero = digits > 1 && bytes[from] === DIGIT_0;
    if (digits === 0 || digits > MAX_DIGITS || hasLeadingZero) return undefined;
    this.#at = at;
    return amount;
  }

  /** An ISO time with its zone, in milliseconds since 1970; undefined where none stands, or one of a rare form. */
  time(): number | undefined {
    const bytes = this.#bytes;
    const wallClockMs = scanWallClock(bytes, this.#at);
    const fractionAt = this.#at + WALL_CLOCK_BYTES;
    const fractionMs = scanMilliseconds(bytes, fractionAt);
    const zoneAt = fractionMs === undefined ? fractionAt : fractionAt + MILLISECONDS_BYTES;
    const offsetMs = scanOffset(bytes, zoneAt);
    if (wallClockMs === undefined || offsetMs === undefined) return undefined;
    this.#at = zoneAt + offsetBytes(bytes, zoneAt);
    return wallClockMs + (fractionMs ?? 0) - offsetMs;
  }

  /** Letters, digits and `._:-`, up to 64 of them, as long as they go on. */
  name(): string {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    while (at - from < MAX_NAME && IS_NAME_BYTE[bytes[at] ?? 0] === 1) at += 1;
    this.#at = at;
    return bytes.toString('latin1', from, at);
  }
}
