import { z } from 'zod';
import { SECOND_MS } from '../../domain/time.ts';
import type { SendOutcome } from '../sms-gateway.ts';
import { causeOfTwilioCode } from './twilio-error-codes.ts';

/** An answer of Twilio that is no success. Its message is left alone: it can quote the phone. */
const refusal = z.object({ status: z.number(), code: z.number().optional().catch(undefined) });

/** Faults of the way there: nothing had been sent when they struck. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;
const SERVER_FAULT = 500;
const AFTER_LIMIT_MS = 10 * SECOND_MS;

/**
 * What a failed create call means. Only what surely was not taken may be tried again: too many requests, service
 * unavailable, no connection. Any other fault on Twilio's side, and silence, may hide a message that was taken.
 */
export function outcomeOfFault(fault: unknown): SendOutcome {
  const answer = refusal.safeParse(fault);
  if (answer.success) return outcomeOfRefusal(answer.data);
  const code: unknown = fault instanceof Error ? Reflect.get(fault, 'code') : undefined;
  return NOT_CONNECTED.has(code) ? { kind: 'retry', cause: 'not_connected', afterMs: 0 } : { kind: 'unknown' };
}

function outcomeOfRefusal({ status, code: number }: z.output<typeof refusal>): SendOutcome {
  const code = String(number ?? status);
  if (status === TOO_MANY_REQUESTS) return { kind: 'retry', cause: 'rate_limited', afterMs: AFTER_LIMIT_MS, code };
  if (status === SERVICE_UNAVAILABLE) return { kind: 'retry', cause: 'gateway_unavailable', afterMs: 0, code };
  if (status >= SERVER_FAULT) return { kind: 'unknown' };
  const isAboutAccount = number === undefined && (status === 401 || status === 403);
  return { kind: 'rejected', cause: isAboutAccount ? 'account_refused' : causeOfTwilioCode(number), code };
}
