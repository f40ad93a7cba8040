import { figuresOf, momentTaker } from '../counted-run.ts';
import type { Figures } from '../figures.ts';
import { expectedRows } from '../workload.ts';
import { publish, startPublisher, warmUpOf } from './publishing.ts';
import type { RunSetting } from './run-setting.ts';

/** How fast the publisher is when nobody listens. No subject can be faster, and none should come near. */
export async function runPublisherAlone({ stack, workload, started }: RunSetting): Promise<Figures> {
  const broker = await stack.startBroker(started);
  const publisher = await startPublisher(broker, started);
  const pids = { broker: broker.pid };
  const takeMoment = momentTaker(pids);
  await publish(publisher, warmUpOf(workload));

  await publisher.ask('prepare', workload);
  const before = takeMoment();
  const { startedAtMs, takenAtMs } = await publisher.ask('publish', {});
  const after = { ...takeMoment(), atMs: takenAtMs };
  const rows = expectedRows(workload);
  return figuresOf({ workload, pids, before, startedAtMs, after, rows, lost: 0 });
}
