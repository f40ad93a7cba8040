import { hashCheckCode, hashSubject, kindOfCheckCode, readCheckCode, tokenOfCheckCode } from '../core/check-code.ts';
import { hashToken } from '../core/link-token.ts';
import type { Secret } from '../core/secret.ts';
import { recordAlertEvent } from '../db/alert-events.ts';
import { type AttemptSubject, countAttempt, uncountAttempt } from '../db/attempt-counts.ts';
import { countWrongTry, lockCheckCodes, type StandingCheckCode } from '../db/check-codes.ts';
import { oweText } from '../db/outbox.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { insertCodeLink } from '../db/verification-links.ts';
import {
  attemptWindowOf,
  isWholePhone,
  lastDigitsOf,
  MOST_ATTEMPTS,
  namesPhone,
  networkOf,
  readPhoneDigits,
  WRONG_TRIES_UNTIL_VOID,
} from '../domain/alerting/code-limits.ts';
import { linksAreOver } from '../domain/alerting/link-life.ts';
import type { AlertDeps } from './alert-deps.ts';

export interface RedeemDeps extends AlertDeps {
  /** The key of the hashes of the codes. */
  readonly codeKey: Secret;
}

/** What somebody entered, as they typed it, and from which network address. */
export interface EnteredCode {
  readonly code: string;
  readonly phoneDigits: string;
  readonly address: string;
}

/**
 * `wrong` stands for mistyped, unknown, void, revoked, of another phone and over long ago alike: whoever guesses learns
 * nothing. `too_many` is answered before anybody looks at the code.
 */
export type Redeemed = { readonly kind: 'opened'; readonly token: string } | { readonly kind: 'wrong' | 'too_many' };

/**
 * Lets somebody in with the code from their text and the digits of their phone: they get a link, and the timeline a
 * line. A wrong try counts against the codes it was aimed at, and five void them; attempts are capped by address, by
 * digits and in all.
 */
export async function redeemCheckCode(deps: RedeemDeps, entered: EnteredCode): Promise<Redeemed> {
  const { pool, clock, codeKey } = deps;
  const at = clock.now();
  const code = readCheckCode(entered.code);
  const phoneDigits = readPhoneDigits(entered.phoneDigits);
  // A program that only presses the button guesses nothing, and must not use up anybody's tries.
  if (code === '') return { kind: 'wrong' };
  const subjects = subjectsOf(codeKey, entered.address, phoneDigits);

  const counts = await countAttempt(pool, subjects, attemptWindowOf(at));
  if (counts.some(({ subject, attempts }) => attempts > mostFor(subject))) return { kind: 'too_many' };
  const opened = await inTransaction(pool, (tx) => redeem(deps, tx, code, phoneDigits, at));
  if (!opened) return { kind: 'wrong' };
  await uncountAttempt(pool, subjects, attemptWindowOf(at));
  return { kind: 'opened', token: opened };
}

async function redeem(
  { codeKey }: RedeemDeps,
  tx: Tx,
  code: string,
  phoneDigits: string,
  at: Date,
): Promise<string | undefined> {
  const codeHash = hashCheckCode(codeKey, code);
  const candidates = await lockCheckCodes(tx, codeHash);
  const right = candidates.find(
    ({ kind, phone, closedAt }) => namesPhone(phoneDigits, phone, kind) && !linksAreOver(closedAt, at),
  );
  // The same statements run whether the code exists or not: the time an answer takes tells nothing either.
  if (right && kindOfCheckCode(code)) return openLink(tx, right, tokenOfCheckCode(codeKey, code, right.phone), at);
  await countWrong(tx, codeHash, phoneDigits, at);
  return undefined;
}

async function openLink(tx: Tx, code: StandingCheckCode, token: string, at: Date): Promise<string> {
  const { id: codeId, alertId, personId, role } = code;
  const isNew = await insertCodeLink(tx, { alertId, personId, role, tokenHash: hashToken(token) }, at);
  if (isNew) await recordAlertEvent(tx, { alertId, at, type: 'code_entered', personId, detail: { codeId } });
  return token;
}

async function countWrong(tx: Tx, codeHash: Buffer, phoneDigits: string, at: Date): Promise<void> {
  const wrong = {
    codeHash,
    phoneDigits,
    isWholePhone: isWholePhone(phoneDigits),
    triesUntilVoid: WRONG_TRIES_UNTIL_VOID,
  };
  for (const voided of await countWrongTry(tx, wrong, at)) {
    const { alertId, personId, role, kind, step, isOver } = voided;
    await recordAlertEvent(tx, { alertId, at, type: 'code_voided', personId, detail: { kind } });
    // Six digits are soon guessed at: their person gets another code, once a step, so that nobody can be kept out.
    if (kind === 'digits' && !isOver) {
      await oweText(tx, { alertId, intent: 'check_again', step, personId, role }, at);
    }
  }
}

function subjectsOf(key: Secret, address: string, phoneDigits: string): AttemptSubject[] {
  return [
    { subject: 'address', subjectHash: hashSubject(key, `address ${networkOf(address)}`) },
    { subject: 'digits', subjectHash: hashSubject(key, `digits ${lastDigitsOf(phoneDigits)}`) },
    { subject: 'everybody', subjectHash: hashSubject(key, 'everybody') },
  ];
}

function mostFor(subject: AttemptSubject['subject']): number {
  return subject === 'link' ? 0 : MOST_ATTEMPTS[subject];
}
