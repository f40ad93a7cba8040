import {
  digitAt,
  MILLISECONDS_BYTES,
  offsetBytes,
  scanMilliseconds,
  scanOffset,
  scanWallClock,
  WALL_CLOCK_BYTES,
} from './scan-time.ts';

/** In place of a number or a time where none stands: neither is ever below zero. */
export const NONE = -1;

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
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /** From now on the text is what lies between these places. */
  read(bytes: Buffer, from: number, end: number): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** Whether this text comes next, and nothing behind it. */
  isAt(text: Uint8Array): boolean {
    return this.#end - this.#at === text.length && this.#has(text);
  }

  /** Goes past this text, if it is what comes next. */
  skip(text: Uint8Array): boolean {
    if (this.#end - this.#at < text.length || !this.#has(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** The same for a text of which each letter is one byte. */
  skipLetters(text: string): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    if (this.#end - from < text.length) return false;
    for (let i = 0; i < text.length; i += 1) if (bytes[from + i] !== text.charCodeAt(i)) return false;
    this.#at = from + text.length;
    return true;
  }

  #has(text: Uint8Array): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    for (let i = 0; i < text.length; i += 1) if (bytes[from + i] !== text[i]) return false;
    return true;
  }

  /** A whole number as JSON writes it, without sign and exponent; `NONE` where none stands, or one too long. */
  wholeNumber(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let amount = 0;
    for (let digit = 0; at < this.#end && (digit = digitAt(bytes, at)) >= 0; at += 1) amount = amount * 10 + digit;
    const digits = at - from;
    const hasLeadingZero = digits > 1 && bytes[from] === DIGIT_0;
    if (digits === 0 || digits > MAX_DIGITS || hasLeadingZero) return NONE;
    this.#at = at;
    return amount;
  }

  /** An ISO time with its zone, in milliseconds since 1970; `NONE` where none stands, or one of a rare form. */
  time(): number {
    const bytes = this.#bytes;
    const wallClockMs = scanWallClock(bytes, this.#at);
    const fractionAt = this.#at + WALL_CLOCK_BYTES;
    const fractionMs = scanMilliseconds(bytes, fractionAt);
    const zoneAt = fractionMs === undefined ? fractionAt : fractionAt + MILLISECONDS_BYTES;
    const offsetMs = scanOffset(bytes, zoneAt);
    const end = zoneAt + offsetBytes(bytes, zoneAt);
    if (wallClockMs === undefined || offsetMs === undefined || end > this.#end) return NONE;
    this.#at = end;
    return wallClockMs + (fractionMs ?? 0) - offsetMs;
  }

  /** Letters, digits and `._:-`, up to 64 of them, as long as they go on. */
  name(): string {
    const bytes = this.#bytes;
    const from = this.#at;
    const end = Math.min(this.#end, from + MAX_NAME);
    let at = from;
    while (at < end && IS_NAME_BYTE[bytes[at] ?? 0] === 1) at += 1;
    this.#at = at;
    return bytes.toString('latin1', from, at);
  }
}
