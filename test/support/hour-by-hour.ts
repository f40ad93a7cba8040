import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import { logSmsGateway } from '../../src/notify/channels/log-sms-gateway.ts';
import type { SendingLimits } from '../../src/notify/dispatch-deps.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';

/** An installation in Shanghai from a time on: hours pass, its work is done in each, and texts leave. */
export function hourByHour(getPool: () => DbPool, start: Date, limits?: SendingLimits) {
  const clock = handTurnedClock(start);
  const log = createLogger('silent');
  const gateway = logSmsGateway({ clock, log });
  const deps = { pool: getPool(), clock, log, timeZone: 'Asia/Shanghai' };
  let seen = gateway.texts().length;
  return {
    clock,
    deps,
    /** Who was texted what meanwhile. */
    hours: async (count: number, work: () => Promise<unknown>): Promise<string[]> => {
      for (let hour = 0; hour < count; hour += 1) {
        clock.advanceTo(new Date(clock.now().getTime() + HOUR_MS));
        await work();
        await dispatchOutbox({ ...deps, gateway, limits, publicBaseUrl: 'https://sw.example.org' });
      }
      const fresh = gateway.texts().slice(seen);
      seen = gateway.texts().length;
      return fresh.map(({ to, body }) => `${to} ${body}`);
    },
  };
}
