import { type EmbeddedBroker, startEmbeddedBroker } from '../../../src/main/embedded/broker.ts';
import { answerParent } from '../answer-parent.ts';

let broker: EmbeddedBroker | undefined;

/** The embedded broker in a process of its own, so that all subjects meet it in the same way. */
const questions = {
  start: async (): Promise<{ url: string }> => {
    broker = await startEmbeddedBroker();
    return { url: broker.url };
  },
};

export type BrokerPart = typeof questions;

answerParent(questions, async () => broker?.stop());
