import type { Hold } from '../db/outbox-holds.ts';
import { INTENTS_THAT_WAIT } from '../db/outbox.ts';
import type { OpenAttempt, OwedText } from '../db/owed-texts.ts';
import { quietUntil } from '../domain/notification/quiet-hours.ts';
import { numberFreeAt, roomForNumber, roomInAll, serviceFreeAt } from '../domain/notification/sending-caps.ts';
import { bundle, type Texts } from './bundle-texts.ts';
import type { SendingLimits } from './dispatch-deps.ts';

/** A text that waits, and why. */
export interface HeldText extends Hold {
  readonly text: OwedText;
}

/** A text of which it must first be found out what became of its last attempt. */
export interface DoubtfulText {
  readonly kind: 'doubtful';
  readonly texts: readonly [OwedText];
  readonly openAttempt: OpenAttempt;
}

/** What is to become of the texts of a batch. */
export interface BatchPlan {
  /** Their last attempt has no ending: that is found out first. */
  readonly doubtful: readonly DoubtfulText[];
  /** Nobody needs them any more. */
  readonly muted: readonly OwedText[];
  /** Their reader does not want texts. */
  readonly optedOut: readonly OwedText[];
  readonly held: readonly HeldText[];
  /** The messages that leave, in order: most are one text each. */
  readonly messages: readonly Texts[];
}

/** What has been sent within the last hour. */
export interface Usage {
  readonly toPerson: ReadonlyMap<number, readonly Date[]>;
  readonly inAll: number;
}

/** Sorts the texts of a batch: settle, mute, quiet hours, caps. Pure; the order of the texts is kept. */
export function planBatch(texts: readonly OwedText[], limits: SendingLimits, usage: Usage, at: Date): BatchPlan {
  const doubtful = texts.flatMap((text): DoubtfulText[] =>
    text.openAttempt ? [{ kind: 'doubtful', texts: [text], openAttempt: text.openAttempt }] : [],
  );
  const clear = texts.filter(({ openAttempt }) => openAttempt === null);
  const muted = clear.filter(isMuted);
  const optedOut = clear.filter((text) => !isMuted(text) && text.optedOut);
  const wanted = clear.filter((text) => !isMuted(text) && !text.optedOut);
  const quiet = wanted.flatMap((text) => heldByQuietHours(text, limits, at));
  const awake = wanted.filter((text) => !quiet.some((held) => held.text === text));
  const { messages, held } = withinCaps(awake, limits, usage, at);
  return { doubtful, muted, optedOut, held: [...quiet, ...held], messages };
}

/** Nobody is asked about what is over, and nobody is told the end of what they never heard of. */
export function isMuted({ intent, isOver, toldBefore }: OwedText): boolean {
  return intent === 'stand_down' ? !toldBefore : isOver;
}

/** Emergencies and the homes most at risk wait for nothing. */
function isUrgent({ intent, tier }: OwedText): boolean {
  return intent === 'emergency' || (tier === 1 && !INTENTS_THAT_WAIT.includes(intent));
}

/** The desk is staffed at night; whoever sleeps is let sleep where it can wait. */
function heldByQuietHours(text: OwedText, { quietHours }: SendingLimits, at: Date): HeldText[] {
  if (!quietHours || isUrgent(text) || text.role === 'desk') return [];
  if (text.timeZone === null) return [];
  const until = quietUntil(quietHours, at, text.timeZone);
  return until ? [{ id: text.id, text, until, reason: 'quiet_hours' }] : [];
}

/** Urgent texts leave in any case. The others share what room is left: several in one message, or later. */
function withinCaps(
  texts: readonly OwedText[],
  { caps }: SendingLimits,
  usage: Usage,
  at: Date,
): Pick<BatchPlan, 'messages' | 'held'> {
  if (!caps) return { messages: texts.map((text): Texts => [text]), held: [] };
  const urgent = texts.filter(isUrgent).map((text): Texts => [text]);
  const messages: Texts[] = [...urgent];
  const held: HeldText[] = [];
  let room = roomInAll(caps, usage.inAll + urgent.length);
  for (const [personId, theirs] of byPerson(texts.filter((text) => !isUrgent(text)))) {
    const also = urgent.filter(([text]) => text.personId === personId).map(() => at);
    const lately = [...(usage.toPerson.get(personId) ?? []), ...also];
    const ofNumber = roomForNumber(caps, lately);
    const chosen = bundle(theirs, ofNumber);
    const leaving = chosen.slice(0, room);
    messages.push(...leaving);
    room -= leaving.length;
    const waiting = theirs.filter((text) => !leaving.some((message) => message.includes(text)));
    const isNumber = leaving.length === chosen.length;
    const until = isNumber ? numberFreeAt(caps, [...lately, ...leaving.map(() => at)], at) : serviceFreeAt(at);
    held.push(
      ...waiting.map((text): HeldText => ({
        id: text.id,
        text,
        until,
        reason: isNumber ? 'number_cap' : 'service_cap',
      })),
    );
  }
  return { messages, held };
}

function byPerson(texts: readonly OwedText[]): Map<number, OwedText[]> {
  const groups = new Map<number, OwedText[]>();
  for (const text of texts) groups.set(text.personId, [...(groups.get(text.personId) ?? []), text]);
  return groups;
}
