import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { answerParent, preciseNow } from '../answer-parent.ts';
import { copyBatches } from '../copy-batches.ts';
import type { Workload } from '../workload.ts';

const CONNECTIONS = 2;
const ROWS_A_BATCH = 10_000;

let batches: Buffer[] = [];
let clients: pg.Client[] = [];

/** Writes rows that were encoded before with COPY BINARY, two connections at once: the most that the database takes. */
const questions = {
  start: async (given: { databaseUrl: string; workload: Workload; firstMeterId: number }): Promise<void> => {
    batches = copyBatches(given.workload, given.firstMeterId, ROWS_A_BATCH);
    clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: given.databaseUrl }));
    await Promise.all(clients.map((client) => client.connect()));
  },
  copy: async (): Promise<{ startedAtMs: number; endedAtMs: number }> => {
    const startedAtMs = preciseNow();
    await Promise.all(clients.map(copyWhatIsLeft));
    return { startedAtMs, endedAtMs: preciseNow() };
  },
};

export type CopyPart = typeof questions;

async function copyWhatIsLeft(client: pg.Client): Promise<void> {
  for (let batch = batches.shift(); batch; batch = batches.shift()) {
    const into = client.query(
      copyFrom('copy register_reading (meter_id, read_at, index_l, received_at) from stdin (format binary)'),
    );
    await pipeline(Readable.from([batch]), into);
  }
}

answerParent(questions, async () => {
  await Promise.all(clients.map((client) => client.end()));
});
