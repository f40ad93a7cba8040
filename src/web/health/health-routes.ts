import type { FastifyPluginCallback } from 'fastify';
import type { Logger } from '../../core/logger.ts';
import type { Metrics } from './metrics.ts';
import { type ReadinessChecks, unreadyParts } from './readiness.ts';

export interface HealthOptions {
  readonly log: Logger;
  readonly checks: ReadinessChecks;
  readonly metrics: Pick<Metrics, 'registry' | 'render'>;
}

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: 200, or 503 naming what is not ready. `GET /metrics`:
 * for Prometheus. None of them tells anything about a home or a person.
 */
export const healthRoutes: FastifyPluginCallback<HealthOptions> = (app, { log, checks, metrics }, done) => {
  app.addHook('onSend', (_request, reply, _payload, next) => {
    reply.header('cache-control', 'no-store');
    next();
  });
  app.get('/health/live', (_request, reply) => reply.send({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const unready = await unreadyParts(checks);
    if (unready.length === 0) return reply.send({ status: 'ready', parts: Object.keys(checks) });
    log.warn({ unready }, 'not ready');
    return reply.code(503).send({ status: 'not_ready', notReady: unready.map(({ name }) => name) });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.render()));
  done();
};
