import type { FastifyInstance } from 'fastify';
import { claimAlert } from '../alerts/claim-alert.ts';
import { recordVerification } from '../alerts/record-verification.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, messageOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { DbPool } from '../db/sql.ts';
import { recordReceipt } from '../notify/record-receipt.ts';
import { createApp } from '../web/app.ts';
import { healthRoutes } from '../web/health/health-routes.ts';
import type { Metrics } from '../web/health/metrics.ts';
import type { ReadinessChecks } from '../web/health/readiness.ts';
import { homePage } from '../web/home-page.ts';
import { phonesPage } from '../web/phones/phones-page.ts';
import { verificationPages } from '../web/verification/verification-pages.ts';
import { twilioStatus } from '../web/webhooks/twilio-status.ts';
import type { Sms } from './sms.ts';

export interface WebOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pool: DbPool;
  readonly sms: Sms;
  readonly metrics: Metrics;
  readonly checks: ReadinessChecks;
  readonly port: number;
  /** Without, only the health checks and metrics of this process are served. */
  readonly hasPages: boolean;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/**
 * Serves health checks and metrics, and with them the pages and webhooks. Returns a function that stops it.
 *
 * @throws AppError `config_invalid` when the address cannot be listened on.
 */
export async function startWeb(options: WebOptions): Promise<() => Promise<void>> {
  const { config, clock, log, pool, metrics, checks, port, hasPages } = options;
  const app = await createApp({
    log,
    parts: async (parts) => {
      await parts.register(healthRoutes, { log, checks, metrics });
      if (hasPages) await registerPages(parts, options);
    },
  });
  // The state of the whole installation is told once, by the processes that show it to people.
  if (hasPages) metrics.collectFrom(pool, clock);
  await app.listen({ host: config.http.host, port }).catch((cause: unknown) => {
    throw new AppError('config_invalid', `HTTP_HOST, HTTP_PORT: ${messageOf(cause)}`, { cause });
  });
  return () => app.close();
}

/** The inboxes of the log driver show live links to whoever asks: only to people at this very machine. */
export function showsPhones({ sms, http }: Config): boolean {
  return sms.driver === 'log' && LOOPBACK.includes(http.host);
}

async function registerPages(parts: FastifyInstance, { config, clock, log, pool, sms }: WebOptions): Promise<void> {
  const deps = { pool, clock, log };
  const { emergencyNumbers, timeZone } = config;
  await parts.register(verificationPages, {
    db: pool,
    clock,
    claim: (claim) => claimAlert(deps, claim),
    verify: (answer) => recordVerification(deps, answer),
    emergencyNumbers,
  });
  const { readTwilioCall: read, inbox } = sms;
  if (read) await parts.register(twilioStatus, { read, record: (receipt) => recordReceipt(deps, receipt) });
  if (inbox && showsPhones(config)) await parts.register(phonesPage, { inbox, timeZone });
  await parts.register(homePage);
}
