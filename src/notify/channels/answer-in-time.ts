import { type HttpCall, httpCall, isNotConnected } from './http-call.ts';

/** What came of an HTTP call. `not_connected`: nothing was sent; `silent`: it may have been taken. */
export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'not_connected' }
  | { readonly kind: 'silent' };

/** Calls once, and never repeats by itself. An answer that leads elsewhere is none. Never throws. */
export async function answerInTime(call: HttpCall): Promise<HttpAnswer> {
  try {
    const { status, text } = await httpCall(call);
    return status >= 300 && status < 400 ? { kind: 'silent' } : { kind: 'answer', status, text };
  } catch (error) {
    return { kind: isNotConnected(error) ? 'not_connected' : 'silent' };
  }
}

/** The JSON of an answer; undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
