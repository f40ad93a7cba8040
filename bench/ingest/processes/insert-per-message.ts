import type { IPublishPacket, MqttClient } from 'mqtt';
import pg from 'pg';
import { answerParent } from '../answer-parent.ts';
import { connectSubscriber } from '../connect-subscriber.ts';
import { INSERT_MANY, INSERT_ONE } from '../insert-statements.ts';

interface SentReading {
  readonly at: string;
  readonly index_l: number;
}

type SentMessage = { readonly meter: string } & (SentReading | { readonly readings: readonly SentReading[] });

const POOL_SIZE = 10;

let client: MqttClient | undefined;
let pool: pg.Pool | undefined;

/**
 * What anybody would write first: mqtt.js, a pool of ten connections, one insert a message, nothing waited for. The
 * meter's id is in its serial, so no meter is looked up.
 */
const questions = {
  start: async (given: { brokerUrl: string; databaseUrl: string; firstMeterId: number }): Promise<void> => {
    const { firstMeterId, databaseUrl } = given;
    const connections = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE });
    pool = connections;
    client = await connectSubscriber(given.brokerUrl, (packet, done) => {
      insert(connections, firstMeterId, packet).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      done();
    });
  },
};

export type InsertPart = typeof questions;

async function insert(into: pg.Pool, firstMeterId: number, { payload }: IPublishPacket): Promise<void> {
  const message = JSON.parse(payload.toString()) as SentMessage;
  const meterId = firstMeterId + Number(message.meter.slice(-8));
  if (!('readings' in message)) {
    await into.query(INSERT_ONE, [meterId, message.at, message.index_l, new Date()]);
    return;
  }
  const { readings } = message;
  await into.query(INSERT_MANY, [
    readings.map(() => meterId),
    readings.map(({ at }) => at),
    readings.map(({ index_l }) => index_l),
    new Date(),
  ]);
}

answerParent(questions, async () => {
  await client?.endAsync();
  await pool?.end();
});
