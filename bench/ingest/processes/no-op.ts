import type { MqttClient } from 'mqtt';
import { answerParent, preciseNow } from '../answer-parent.ts';
import { connectSubscriber } from '../connect-subscriber.ts';

let client: MqttClient | undefined;
let seen = 0;
let lastAtMs = 0;

/** Takes messages and does nothing: what the broker and mqtt.js can do at most. */
const questions = {
  start: async (given: { brokerUrl: string }): Promise<void> => {
    client = await connectSubscriber(given.brokerUrl, (_packet, done) => {
      seen += 1;
      lastAtMs = preciseNow();
      done();
    });
  },
  seen: () => ({ seen, lastAtMs }),
};

export type NoOpPart = typeof questions;

answerParent(questions, async () => client?.endAsync());
