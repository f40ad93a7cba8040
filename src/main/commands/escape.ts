/** Bytes that a stranger sent, as plain characters: anything that could steer a terminal becomes `\x1b`. */
export function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, escapeByte).join('');
}

/** A stranger's text, escaped in the same way. */
export function escapeText(text: string): string {
  return escapeBytes(Buffer.from(text));
}

function escapeByte(byte: number): string {
  if (byte === 0x5c) return '\\\\';
  const isPlain = byte >= 0x20 && byte < 0x7f;
  return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
}
