import { z } from 'zod';
import { SECOND_MS } from '../../domain/time.ts';
import type { SendOutcome } from '../sms-gateway.ts';
import { isNotConnected } from './http-call.ts';
import { causeOfTwilioCode } from './twilio-error-codes.ts';

/** An answer of Twilio that is no success. Its message is left alone: it can quote the phone. */
const refusal = z.object({ status: z.number(), code: z.number().optional().catch(undefined) });

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
  return isNotConnected(fault) ? { kind: 'retry', cause: 'not_connected', afterMs: 0 } : { kind: 'unknown' };
}

function outcomeOfRefusal({ status, code: number }: z.output<typeof refusal>): SendOutcome {
  const code = String(number ?? status);
  if (status === TOO_MANY_REQUESTS) return { kind: 'retry', cause: 'rate_limited', afterMs: AFTER_LIMIT_MS, code };
  if (status === SERVICE_UNAVAILABLE) return { kind: 'retry', cause: 'gateway_unavailable', afterMs: 0, code };
  if (status >= SERVER_FAULT) return { kind: 'unknown' };
  const isAboutAccount = number === undefined && (status === 401 || status === 403);
  return { kind: 'rejected', cause: isAboutAccount ? 'account_refused' : causeOfTwilioCode(number), code };
}
