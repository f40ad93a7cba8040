import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createPool } from '../../../src/db/pool.ts';
import type { DbPool } from '../../../src/db/sql.ts';
import { type Ingest, startIngest } from '../../../src/ingest/start-ingest.ts';
import { answerParent } from '../answer-parent.ts';

/** As many connections as the role `ingest` of the service has. */
const POOL_SIZE = 3;

let ingest: Ingest | undefined;
let pool: DbPool | undefined;

/** The service's own way from the broker to the table. */
const questions = {
  start: async (given: { brokerUrl: string; databaseUrl: string }): Promise<void> => {
    const log = createLogger('error');
    pool = createPool(new Secret(given.databaseUrl), POOL_SIZE, log);
    const mqtt = { url: given.brokerUrl, clientId: 'bench-ingest' };
    ingest = await startIngest({ pool, clock: systemClock, log, mqtt });
  },
  stats: (): ReturnType<Ingest['stats']> | undefined => ingest?.stats(),
};

export type OursPart = typeof questions;

answerParent(questions, async () => {
  await ingest?.stop();
  await pool?.end();
});
