import type { OwedText } from '../db/owed-texts.ts';
import type { Intent } from '../db/outbox.ts';

/** The texts of one message: the first speaks for the others. */
export type Texts = readonly [OwedText, ...OwedText[]];

/** More homes than this make a text that nobody reads, and more parts than carriers put together reliably. */
export const MOST_HOMES = 4;
const CAN_BE_BUNDLED: ReadonlySet<Intent> = new Set<Intent>(['check_request', 'check_again', 'stand_down']);

/**
 * Makes of the texts of one person at most `room` messages: one each while there is room, otherwise several homes in
 * one, as evenly as can be. What is left over has to wait.
 */
export function bundle(texts: readonly OwedText[], room: number): Texts[] {
  if (texts.length <= room) return texts.map((text): Texts => [text]);
  if (room === 0) return [];
  const size = Math.min(MOST_HOMES, Math.ceil(texts.length / room));
  const messages: [OwedText, ...OwedText[]][] = [];
  for (const text of texts) {
    const open = messages.find((message) => takes(message, text, size));
    if (open) open.push(text);
    else messages.push([text]);
  }
  return messages.slice(0, room);
}

/**
 * Texts of one intent go together, and a home is named once however often it is owed. What may have come before goes
 * with its like: it is never tried again, and the others may be. A call speaks of one home: a key is pressed for it.
 */
function takes(message: readonly [OwedText, ...OwedText[]], text: OwedText, size: number): boolean {
  const [speaker] = message;
  if (speaker.channel !== 'sms' || text.channel !== 'sms') return false;
  if (speaker.intent !== text.intent || !CAN_BE_BUNDLED.has(text.intent)) return false;
  if (speaker.lostAttempts > 0 !== text.lostAttempts > 0) return false;
  const alerts = new Set(message.map(({ alertId }) => alertId));
  return alerts.has(text.alertId) || alerts.size < size;
}
