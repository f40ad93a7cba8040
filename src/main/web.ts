import { AppError, messageOf } from '../core/errors.ts';
import { createApp } from '../web/app.ts';
import { healthRoutes } from '../web/health/health-routes.ts';
import type { ReadinessChecks } from '../web/health/readiness.ts';
import type { PagesOptions } from './web-pages.ts';

export interface WebOptions extends PagesOptions {
  readonly checks: ReadinessChecks;
  readonly port: number;
  /** Without, only the health checks and metrics of this process are served. */
  readonly hasPages: boolean;
}

/**
 * Serves health checks and metrics, and with them the pages and webhooks. Returns a function that stops it.
 *
 * @throws AppError `config_invalid` when the address cannot be listened on.
 */
export async function startWeb(options: WebOptions): Promise<() => Promise<void>> {
  const { config, clock, log, pool, metrics, checks, port, hasPages } = options;
  const app = await createApp({
    log,
    trustedProxies: config.http.trustedProxies,
    parts: async (parts) => {
      await parts.register(healthRoutes, { log, checks, metrics });
      // Loaded by those who serve them only: an ingester has better use for the memory.
      if (hasPages) await (await import('./web-pages.ts')).registerPages(parts, options);
    },
  });
  // The state of the whole installation is told once, by the processes that show it to people.
  if (hasPages) metrics.collectFrom(pool, clock);
  await app.listen({ host: config.http.host, port }).catch((cause: unknown) => {
    throw new AppError('config_invalid', `HTTP_HOST, HTTP_PORT: ${messageOf(cause)}`, { cause });
  });
  return () => app.close();
}
