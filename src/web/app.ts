import formbody from '@fastify/formbody';
import {
  type FastifyBaseLogger,
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from '../core/logger.ts';
import { errorHandler, notFoundHandler } from './error-handler.ts';

const BODY_LIMIT_BYTES = 16 * 1_024;
const REQUEST_TIMEOUT_MS = 15_000;
const CONNECTION_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;

export interface AppOptions {
  readonly log: Logger;
  /** Addresses and networks of proxies whose word is taken for where a request comes from. Others are not believed. */
  readonly trustedProxies?: readonly string[];
  /** Registers the parts of the service that this server offers, each with its options. */
  readonly parts: (app: FastifyInstance) => Promise<void>;
}

/**
 * The HTTP server with its parts, not yet listening.
 *
 * Forms and bodies are limited to 16 KiB. Logs carry the pattern of a route and never an address, a parameter or a
 * body. Forwarded headers are believed of trusted proxies only.
 */
export async function createApp({ log, trustedProxies = [], parts }: AppOptions): Promise<FastifyInstance> {
  const answerError = errorHandler(log);
  const app = fastify({
    loggerInstance: withoutAddresses(log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // What the router cannot even read as an address leads nowhere, like any other wrong one.
    frameworkErrors: (_error, request, reply) => void notFoundHandler(request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(notFoundHandler);
  app.addHook('onResponse', (request, reply, done) => {
    log.debug({ ...requestForLog(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
  await app.register(formbody, { bodyLimit: BODY_LIMIT_BYTES });
  await parts(app);
  await app.ready();
  return app;
}

/** The address of a page holds the token of a link: what fastify itself logs of a request is cut down as well. */
function withoutAddresses(log: Logger): FastifyBaseLogger {
  const responseForLog = ({ statusCode }: FastifyReply) => ({ status: statusCode });
  return log.child({}, { serializers: { req: requestForLog, res: responseForLog } });
}

function requestForLog({ method, routeOptions }: FastifyRequest): { method: string; route: string } {
  return { method, route: routeOptions.url ?? 'none' };
}
