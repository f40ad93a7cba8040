import { createHmac, randomInt } from 'node:crypto';
import type { Secret } from './secret.ts';

/** A code of 8 out of 32 letters and digits, or, where a gateway takes no more than that, of 6 digits. */
export type CheckCodeKind = 'letters' | 'digits';

/** Crockford's 32: no I, L, O or U, so that a code read aloud or off a small screen is not mistaken for another. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FORMS: Readonly<Record<CheckCodeKind, { alphabet: string; length: number }>> = {
  letters: { alphabet: LETTERS, length: 8 },
  digits: { alphabet: '0123456789', length: 6 },
};
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** A fresh code: 40 random bits as letters, 20 as digits. It works only together with digits of its person's phone. */
export function mintCheckCode(kind: CheckCodeKind): string {
  const { alphabet, length } = FORMS[kind];
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** The code as a text shows it: letters in two groups of four. */
export function showCheckCode(code: string): string {
  return code.length === FORMS.letters.length ? `${code.slice(0, 4)}-${code.slice(4)}` : code;
}

/** What somebody typed for a code, read as kindly as can be: in any case, with blanks and dashes, O for 0, l for 1. */
export function readCheckCode(typed: string): string {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return plain.replace(/[OIL]/g, (letter) => MISREAD[letter] ?? letter);
}

/** Which kind of code this can be; undefined when it can be none. */
export function kindOfCheckCode(code: string): CheckCodeKind | undefined {
  const kinds: readonly CheckCodeKind[] = ['letters', 'digits'];
  return kinds.find(
    (kind) =>
      code.length === FORMS[kind].length && code.split('').every((letter) => FORMS[kind].alphabet.includes(letter)),
  );
}

/**
 * What is kept of a code. A plain hash of 40 bits is undone in minutes by whoever gets hold of the database; this one
 * takes a key that is not in it.
 */
export function hashCheckCode(key: Secret, code: string): Buffer {
  return keyedHash(key, 'code', code);
}

/** A name under which attempts can be counted without being kept. */
export function hashSubject(key: Secret, subject: string): Buffer {
  return keyedHash(key, 'subject', subject);
}

/**
 * The token of the link that a code leads to: always the same for a code and a phone, so that entering it twice makes
 * one link. Without the key it is as good as 128 random bits.
 */
export function tokenOfCheckCode(key: Secret, code: string, phone: string): string {
  return keyedHash(key, 'link', `${code} ${phone}`).subarray(0, 16).toString('base64url');
}

function keyedHash(key: Secret, purpose: string, text: string): Buffer {
  return createHmac('sha256', key.reveal()).update(`${purpose}\0${text}`).digest();
}
