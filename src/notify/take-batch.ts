import { crashPoint } from '../core/crash-point.ts';
import { muteTexts } from '../db/outbox-leases.ts';
import { holdTexts } from '../db/outbox-holds.ts';
import { leaseDueTexts } from '../db/outbox-leases.ts';
import { LOCKS, waitForLock } from '../db/locks.ts';
import { loadOwedTexts, type OwedText } from '../db/owed-texts.ts';
import { sentLatelyInAll, sentLatelyTo } from '../db/sent-lately.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { CAP_WINDOW_MS } from '../domain/notification/sending-caps.ts';
import { SECOND_MS } from '../domain/time.ts';
import { beginMessages, type BegunMessage, type RefusedMessage } from './begin-messages.ts';
import type { DispatchDeps, Through } from './dispatch-deps.ts';
import type { Texts } from './bundle-texts.ts';
import { type DoubtfulText, planBatch, type Usage } from './plan-batch.ts';
import { asCanLeave, throughVoice } from './route-calls.ts';
import { recordHolds } from './text-event.ts';

/** A batch is over well within its lease: 256 texts, 64 at once, at most 20 s each. */
const BATCH = 256;
const LEASE_MS = 90 * SECOND_MS;

/** A text to somebody who wants none: it fails, and the next person is asked. */
export interface UnwantedText {
  readonly kind: 'unwanted';
  readonly texts: readonly [OwedText];
}

/** `through` is left out where it is the usual way of texts. */
export type Leased<T> = T & { readonly leaseUntil: Date; readonly through?: Through };
export type Work = Leased<BegunMessage | RefusedMessage | UnwantedText> | DoubtfulText;

export interface Batch {
  readonly work: readonly Work[];
  readonly muted: number;
  readonly held: number;
  /** Whether nothing else is due. */
  readonly wasLast: boolean;
}

/**
 * Leases the texts that are due, decides about each and puts the attempts on record, in one transaction: what is sent
 * is known before it leaves, and a crash before the end leaves everything as it was.
 */
export async function takeBatch(deps: DispatchDeps): Promise<Batch> {
  const batch = await inTransaction(deps.pool, (tx) => take(tx, deps));
  if (batch.work.length > 0) crashPoint('dispatch.taken');
  return batch;
}

async function take(tx: Tx, deps: DispatchDeps): Promise<Batch> {
  const { limits = {} } = deps;
  const at = deps.clock.now();
  const leaseUntil = new Date(at.getTime() + LEASE_MS);
  // What is counted must not change between the counting and the sending: with caps one process plans at a time.
  if (limits.caps) await waitForLock(tx, LOCKS.sendingCaps);
  const leases = await leaseDueTexts(tx, { at, until: leaseUntil, limit: BATCH });
  if (leases.length === 0) return { work: [], muted: 0, held: 0, wasLast: true };

  const owed = await loadOwedTexts(
    tx,
    leases.map(({ id }) => id),
    at,
  );
  const { texts, superfluous } = asCanLeave(owed, deps);
  const plan = planBatch(texts, limits, await usageOf(tx, deps, texts, at), at);
  const { doubtful, optedOut, held, messages } = plan;
  const muted = [...plan.muted, ...superfluous];
  await muteTexts(
    tx,
    muted.map(({ id }) => id),
    at,
  );
  await holdTexts(tx, held);
  await recordHolds(tx, held, at);
  const work: Work[] = [
    ...(await begin(tx, deps, messages, at)).map((message) => ({ ...message, leaseUntil })),
    ...optedOut.map((text): Work => ({ kind: 'unwanted', texts: [text], leaseUntil })),
    ...doubtful,
  ];
  return { work, muted: muted.length, held: held.length, wasLast: leases.length < BATCH };
}

type Begun = (BegunMessage | RefusedMessage) & { readonly through?: Through };

/** Texts first: whoever is called can have the text with the page before them. */
async function begin(tx: Tx, deps: DispatchDeps, messages: readonly Texts[], at: Date): Promise<Begun[]> {
  const { voice } = deps;
  const calls = messages.filter(([{ channel }]) => channel === 'voice');
  if (!voice || calls.length === 0) return beginMessages(tx, deps, messages, at);
  const texts = messages.filter(([{ channel }]) => channel === 'sms');
  const begun = texts.length === 0 ? [] : await beginMessages(tx, deps, texts, at);
  const dialled = await beginMessages(tx, { ...deps, gateway: voice }, calls, at);
  return [...begun, ...dialled.map((call) => ({ ...call, through: throughVoice(deps, voice, call.texts[0]) }))];
}

async function usageOf(tx: Tx, { limits }: DispatchDeps, texts: readonly OwedText[], at: Date): Promise<Usage> {
  if (!limits?.caps) return { toPerson: new Map(), inAll: 0 };
  const since = new Date(at.getTime() - CAP_WINDOW_MS);
  const people = [...new Set(texts.map(({ personId }) => personId))];
  return { toPerson: await sentLatelyTo(tx, people, since), inAll: await sentLatelyInAll(tx, since) };
}
