import { hashCheckCode, mintCheckCode } from '../core/check-code.ts';
import { crashPoint } from '../core/crash-point.ts';
import { hashToken, mintToken } from '../core/link-token.ts';
import { insertCheckCode } from '../db/check-codes.ts';
import { beginDelivery } from '../db/deliveries.ts';
import type { Intent } from '../db/outbox.ts';
import { settleText } from '../db/outbox-leases.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import { insertVerificationLink } from '../db/verification-links.ts';
import { smsLength } from '../domain/notification/sms-length.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { failText } from './fail-text.ts';
import { recordOutcome } from './record-outcome.ts';
import { settleOpenAttempt } from './settle-open-attempt.ts';
import { renderText } from './templates/render-text.ts';

/** When a text has not arrived by then it must not arrive at all: somebody else has been asked, or all know by now. */
const VALID_FOR_S: Readonly<Record<Intent, number>> = {
  check_request: 900,
  emergency: 900,
  stand_down: 14_400,
  claim_lapsed: 900,
  recovered: 900,
  check_again: 900,
  area_outage: 3_600,
  look_in: 14_400,
  absence_ended: 14_400,
};

/** The texts that ask for something, and carry the link to answer by. */
const ASKING: readonly Intent[] = ['check_request', 'check_again', 'emergency'];

/**
 * Takes one leased text through the pipeline: settle a doubtful earlier attempt, mute, render, send, record.
 *
 * Returns what became of it, or undefined when the lease was lost and the text is somebody else's.
 */
export async function sendOwedText(deps: DispatchDeps, text: OwedText): Promise<TextFate | undefined> {
  const settled = text.openAttempt && (await settleOpenAttempt(deps, text, text.openAttempt));
  if (settled) return settled;
  if (isMuted(text)) return mute(deps, text);
  if (text.optedOut) return failText(deps, text, { cause: 'opted_out' });
  return handOver(deps, text);
}

/** Nobody is asked about what is over, and nobody is told the end of what they never heard of. */
function isMuted({ intent, isOver, toldBefore }: OwedText): boolean {
  return intent === 'stand_down' ? !toldBefore : isOver;
}

async function mute({ pool, clock }: DispatchDeps, text: OwedText): Promise<TextFate | undefined> {
  return (await settleText(pool, text, 'muted', clock.now())) ? 'muted' : undefined;
}

/** The attempt is on record before the gateway hears of it, so that a crash in between leaves a trace. */
async function handOver(deps: DispatchDeps, text: OwedText): Promise<TextFate | undefined> {
  const { gateway, publicBaseUrl } = deps;
  const token = mintToken();
  const code = mintCheckCode('letters');
  const body = renderText(text, `${publicBaseUrl}/v/${token}`);
  const parts = smsLength(body).parts;

  const deliveryId = await begin(deps, text, parts, { token, code });
  if (deliveryId === undefined) return undefined;
  crashPoint('before_send');
  const { phone: to, intent } = text;
  const outcome = await gateway.send({ to, body, intent, deliveryId, validForS: VALID_FOR_S[intent] });
  crashPoint('after_send');
  return recordOutcome(deps, text, deliveryId, outcome);
}

/** Only texts that ask for something open a page; the token and code of the others are thrown away. */
function begin(
  { pool, clock, gateway, codeKey }: DispatchDeps,
  text: OwedText,
  parts: number,
  { token, code }: { readonly token: string; readonly code: string },
): Promise<number | undefined> {
  const { alertId, personId, role, intent } = text;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const deliveryId = await beginDelivery(tx, text, { gateway: gateway.name, parts, at });
    if (deliveryId === undefined || alertId === null || !ASKING.includes(intent)) return deliveryId;
    const recipient = { alertId, personId, role };
    await insertVerificationLink(tx, { ...recipient, tokenHash: hashToken(token) }, at);
    if (codeKey) {
      const codeHash = hashCheckCode(codeKey, code);
      await insertCheckCode(tx, { ...recipient, kind: 'letters', codeHash }, at);
    }
    return deliveryId;
  });
}
