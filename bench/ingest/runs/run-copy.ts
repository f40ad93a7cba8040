import { awaitRows } from '../await-rows.ts';
import { makeDatabase } from '../bench-database.ts';
import { figuresOf, momentTaker } from '../counted-run.ts';
import type { Figures } from '../figures.ts';
import { startPart } from '../part.ts';
import type { CopyPart } from '../processes/copy.ts';
import { expectedRows } from '../workload.ts';
import type { RunSetting } from './run-setting.ts';

/** From the first batch written to the last one committed, without a broker: the writer and PostgreSQL count. */
export async function runCopy({ stack, workload, started }: RunSetting): Promise<Figures> {
  const database = await makeDatabase(stack.postgres, started);
  const writer = startPart<CopyPart>('copy', started);
  const { url: databaseUrl, firstMeterId } = database;
  await writer.ask('start', { databaseUrl, firstMeterId, workload });
  const pids = { subscriber: writer.pid, postgres: stack.postgres.pid };
  const takeMoment = momentTaker(pids);

  const before = takeMoment();
  const { startedAtMs, endedAtMs } = await writer.ask('copy');
  const after = { ...takeMoment(), atMs: endedAtMs };
  const { rows } = await awaitRows(database, workload, takeMoment);
  const lost = expectedRows(workload) - rows;
  return figuresOf({ workload, pids, before, startedAtMs, after, rows, lost });
}
