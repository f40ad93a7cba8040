import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { errorPage } from './error-page.ts';
import { PAGE_HEADERS, renderPage } from './page.ts';

/** What a refusal is called over HTTP. Whatever is not listed is a fault of ours. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  input_invalid: 400,
  cross_site_refused: 403,
  alert_not_found: 404,
  alert_transition_refused: 409,
  service_unreachable: 503,
};

/** What is told of an error to the outside. */
export interface ErrorAnswer {
  readonly status: number;
  /** For programs: one of our codes, or one of fastify's. */
  readonly code: string;
  /** For people; undefined when there is nothing more to say than that it did not work. */
  readonly publicMessage: string | undefined;
}

/** Answers whatever a route threw, once for all routes: people get a page, programs get `{ error, status }`. */
export function errorHandler(log: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const answer = answerTo(error);
    const route = request.routeOptions.url ?? 'none';
    if (answer.status >= 500) log.error({ err: error, method: request.method, route }, 'a request failed');
    return sendError(request, reply, answer);
  };
}

/** Answers requests for which there is no route. */
export function notFoundHandler(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendError(request, reply, { status: 404, code: 'not_found', publicMessage: undefined });
}

/** What an error is called outside. The text of an unforeseen one stays inside: it may quote what somebody sent. */
export function answerTo(error: unknown): ErrorAnswer {
  if (error instanceof AppError) {
    return { status: STATUS[error.code] ?? 500, code: error.code, publicMessage: error.publicMessage };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    return { status: 400, code: 'input_invalid', publicMessage: undefined };
  }
  const status: unknown = error instanceof Error ? Reflect.get(error, 'statusCode') : undefined;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, code: typeof code === 'string' ? code : 'refused', publicMessage: undefined };
  }
  return { status: 500, code: 'internal_error', publicMessage: undefined };
}

function sendError({ headers }: FastifyRequest, reply: FastifyReply, answer: ErrorAnswer): FastifyReply {
  const wantsPage = headers.accept?.includes('text/html') === true;
  if (!wantsPage) return reply.code(answer.status).send({ error: answer.code, status: answer.status });
  return reply
    .code(answer.status)
    .headers(PAGE_HEADERS)
    .send(renderPage(errorPage(answer.status, answer.publicMessage)));
}
