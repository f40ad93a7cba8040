import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { hashToken } from '../../core/link-token.ts';
import type { Secret } from '../../core/secret.ts';

export interface SendersAllowed {
  /** What a sender must show. Undefined: only programs on this machine may send. */
  readonly token: Secret | undefined;
  /** Whether the server can be reached from this machine alone. */
  readonly isLoopback: boolean;
}

/** Why a sender is turned away. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly error: 'unauthorised' | 'forbidden';
  readonly message: string;
}

const BEARER = /^Bearer +(\S+)$/i;
const WRONG_TOKEN = 'send the token of READINGS_API_TOKEN as "Authorization: Bearer <token>"';
const NO_TOKEN = 'set READINGS_API_TOKEN for the service, and send it as "Authorization: Bearer <token>"';
/** What a browser or a proxy adds: neither is a program on this machine that sends readings. */
const FROM_ELSEWHERE = ['origin', 'sec-fetch-site', 'forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** Undefined for a request that may bring readings. */
export function refusalOf(request: FastifyRequest, { token, isLoopback }: SendersAllowed): Refusal | undefined {
  if (token) {
    return isGiven(token, request.headers.authorization)
      ? undefined
      : { status: 401, error: 'unauthorised', message: WRONG_TOKEN };
  }
  const isFromHere = isLoopback && FROM_ELSEWHERE.every((name) => request.headers[name] === undefined);
  return isFromHere ? undefined : { status: 403, error: 'forbidden', message: NO_TOKEN };
}

/** Compares hashes, so that neither the length nor the beginning of the token can be found out by the clock. */
function isGiven(token: Secret, authorization: string | undefined): boolean {
  const [, given = ''] = BEARER.exec(authorization ?? '') ?? [];
  return timingSafeEqual(hashToken(given), hashToken(token.reveal()));
}
