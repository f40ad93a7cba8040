import type { Intent } from '../db/outbox.ts';

const ASKING: ReadonlySet<Intent> = new Set<Intent>(['check_request', 'check_again', 'emergency']);

/** Whether a text asks for something, and so leads to the page to answer on. */
export function asks(intent: Intent): boolean {
  return ASKING.has(intent);
}
