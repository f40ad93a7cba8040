import { awaitRows, isStored } from '../await-rows.ts';
import { makeDatabase } from '../bench-database.ts';
import { figuresOf, momentTaker } from '../counted-run.ts';
import type { Figures } from '../figures.ts';
import type { TakerName } from '../taker.ts';
import { TAKERS } from '../takers.ts';
import { expectedRows, lastRow } from '../workload.ts';
import { knockUntil, publish, startPublisher, warmUpOf } from './publishing.ts';
import type { RunSetting } from './run-setting.ts';

/** From the first message published to the last row committed: broker, subscriber and PostgreSQL count. */
export async function runTaker(name: TakerName, setting: RunSetting): Promise<Figures> {
  const { stack, workload, started, nodeRedDir } = setting;
  const database = await makeDatabase(stack.postgres, started);
  const broker = await stack.startBroker(started);
  const taker = await TAKERS[name]({
    brokerUrl: broker.url,
    database,
    load: workload.load,
    mqttVersion: stack.mqttVersion,
    started,
    nodeRedDir,
  });
  const publisher = await startPublisher(broker, started);
  const pids = { subscriber: taker.pid, postgres: stack.postgres.pid, broker: broker.pid };
  const takeMoment = momentTaker(pids);

  await knockUntil(publisher, workload, (knock) => isStored(database, lastRow(knock)));
  const warmUp = warmUpOf(workload);
  await publish(publisher, warmUp);
  await awaitRows(database, warmUp, takeMoment);
  await database.client.query('checkpoint');

  await publisher.ask('prepare', workload);
  const before = takeMoment();
  const publishing = publisher.ask('publish', {});
  const { rows, at: after } = await awaitRows(database, workload, takeMoment);
  const { startedAtMs } = await publishing;
  const lost = expectedRows(workload) - rows;
  return figuresOf({ workload, pids, before, startedAtMs, after, rows, lost });
}
