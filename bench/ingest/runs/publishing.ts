import { setTimeout as delay } from 'node:timers/promises';
import { preciseNow } from '../answer-parent.ts';
import { type Part, startPart } from '../part.ts';
import type { Published, PublisherPart } from '../processes/publisher.ts';
import type { RunningBroker } from '../stacks/stack.ts';
import type { StartedParts } from '../started-parts.ts';
import { KNOCK_AT_MS, METERS, WARM_UP_AT_MS, type Workload, workloadOf } from '../workload.ts';

export type Publisher = Part<PublisherPart>;

const KNOCK_EVERY_MS = 100;
const NOBODY_THERE_MS = 60_000;
/** Enough for a compiler that compiles what is used often, and no more than a part of what is measured. */
const WARM_UP_SHARE = 0.15;
/** Every meter is heard once: a service that has run for a day knows them all, and so do the pages of the index. */
const LEAST_WARM_UP = METERS;

/** Starts the publishing process and connects it. */
export async function startPublisher({ port }: Pick<RunningBroker, 'port'>, started: StartedParts): Promise<Publisher> {
  const publisher = startPart<PublisherPart>('publisher', started);
  await publisher.ask('start', { port });
  return publisher;
}

/** Prepares messages and publishes them as fast as the broker takes them. */
export async function publish(publisher: Publisher, workload: Workload): Promise<Published> {
  await publisher.ask('prepare', workload);
  return publisher.ask('publish', {});
}

/** Publishes a few messages, again and again, until somebody has taken them: only then is the subject known to listen. */
export async function knockUntil(
  publisher: Publisher,
  workload: Workload,
  isAnswered: (knock: Workload) => Promise<boolean>,
): Promise<void> {
  const knock = workloadOf({ load: workload.load, messages: 1, firstAtMs: KNOCK_AT_MS });
  const givenUpAtMs = preciseNow() + NOBODY_THERE_MS;
  while (!(await isAnswered(knock))) {
    if (preciseNow() > givenUpAtMs) throw new Error('nobody takes the messages');
    await publish(publisher, knock);
    await delay(KNOCK_EVERY_MS);
  }
}

/** Messages of another year, to be taken before anything is measured. */
export function warmUpOf({ load, messages }: Workload): Workload {
  return workloadOf({
    load,
    messages: Math.max(LEAST_WARM_UP, messages * WARM_UP_SHARE),
    firstAtMs: WARM_UP_AT_MS,
  });
}
