import { setTimeout as delay } from 'node:timers/promises';
import { preciseNow } from '../answer-parent.ts';
import { figuresOf, momentTaker } from '../counted-run.ts';
import type { Figures } from '../figures.ts';
import { type Part, startPart } from '../part.ts';
import type { NoOpPart } from '../processes/no-op.ts';
import { readingsAMessage } from '../workload.ts';
import { knockUntil, publish, startPublisher, warmUpOf } from './publishing.ts';
import type { RunSetting } from './run-setting.ts';

const LOOK_EVERY_MS = 10;
const PATIENCE_MS = 5_000;

/** From the first message published to the last one seen by a subscriber that does nothing: broker and subscriber count. */
export async function runNoOp({ stack, workload, started }: RunSetting): Promise<Figures> {
  const broker = await stack.startBroker(started);
  const subscriber = startPart<NoOpPart>('no-op', started);
  await subscriber.ask('start', { brokerUrl: broker.url });
  const publisher = await startPublisher(broker, started);
  const pids = { subscriber: subscriber.pid, broker: broker.pid };
  const takeMoment = momentTaker(pids);

  await knockUntil(publisher, workload, async () => (await subscriber.ask('seen')).seen > 0);
  await publish(publisher, warmUpOf(workload));
  const { seen: seenBefore } = await untilSeen(subscriber, Number.POSITIVE_INFINITY, LOOK_EVERY_MS * 20);

  await publisher.ask('prepare', workload);
  const before = takeMoment();
  const { startedAtMs } = await publisher.ask('publish', {});
  const { seen, lastAtMs } = await untilSeen(subscriber, seenBefore + workload.messages, PATIENCE_MS);
  const after = { ...takeMoment(), atMs: lastAtMs };
  const messages = seen - seenBefore;
  return figuresOf({
    workload,
    pids,
    before,
    startedAtMs,
    after,
    rows: messages * readingsAMessage(workload.load),
    lost: workload.messages - messages,
  });
}

/** Waits until so many messages are seen, or none for so long. */
async function untilSeen(subscriber: Part<NoOpPart>, enough: number, patienceMs: number) {
  for (;;) {
    const now = await subscriber.ask('seen');
    if (now.seen >= enough || preciseNow() - now.lastAtMs > patienceMs) return now;
    await delay(LOOK_EVERY_MS);
  }
}
