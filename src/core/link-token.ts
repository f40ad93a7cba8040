import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 16;

/** A fresh token for a link: 128 random bits, 22 letters of base64url. Whoever has it may use the link. */
export function mintToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is kept of a token: the SHA-256 of its letters, from which it cannot be had back. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
