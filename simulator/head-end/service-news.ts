/** What the service tells a sender: what it has stored, or what it misses. Both ends of a range are included. */
export type ServiceNews =
  | { readonly type: 'stored'; readonly seq: number }
  | { readonly type: 'missing'; readonly first: number; readonly last: number };

/** Understands a message on `ack/...` or `resend/...` about the stream; undefined for all others. */
export function serviceNews(topic: string, payload: Uint8Array, stream: string): ServiceNews | undefined {
  const content = fieldsOf(payload);
  if (content?.['stream'] !== stream) return undefined;
  const { seq, from, to } = content;
  if (topic.startsWith('ack/')) return isNumber(seq) ? { type: 'stored', seq } : undefined;
  return isNumber(from) && isNumber(to) ? { type: 'missing', first: from, last: to } : undefined;
}

function fieldsOf(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(payload).toString());
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
