import type { Clock } from '../core/clock.ts';
import { crashPoint } from '../core/crash-point.ts';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { KEPT_PAYLOAD_BYTES } from '../db/quarantine.ts';
import { ReadingRuns } from '../db/reading-runs.ts';
import type { DbPool } from '../db/sql.ts';
import { takenFromMs } from '../domain/metering/retention.ts';
import { askForDrops } from './broker/ask-for-drops.ts';
import type { BatchDraft } from './batch-draft.ts';
import { type BrokerAddress, type BrokerConnection, connectToBroker } from './broker/connect.ts';
import { type DropWatch, watchDrops } from './broker/dropped-messages.ts';
import type { MessageTaker } from './broker/message-tap.ts';
import { keepSubscribed } from './broker/subscribe.ts';
import type { Decoder } from './decoders/decoder.ts';
import { BUILT_IN_DECODERS } from './decoders/decoders.ts';
import { createTally, type IngestStats } from './ingest-stats.ts';
import { createIntake, type Intake } from './intake.ts';
import { MAX_PAYLOAD_BYTES } from './interpret.ts';
import { createKnownTopics } from './known-topics.ts';
import { createMeterDirectory } from './meter-directory.ts';
import { keepSequences } from './sequences/keep-sequences.ts';
import { readBatch } from './read-batch.ts';
import { storeDraft, type StoredBatch } from './store-batch.ts';
import { storeUntilDone } from './store-until-done.ts';

export interface IngestDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mqtt: BrokerAddress & {
    /** The group of ingesters that divide the messages between them. Needs a broker that speaks MQTT 5. */
    readonly sharedGroup?: string | undefined;
  };
  /** The formats that are understood; those that come with the program when left out. */
  readonly decoders?: readonly Decoder[];
  /** For how many days readings are kept: what would be deleted at once is refused. Nothing is when left out. */
  readonly keptDays?: number | undefined;
  /** Told of each batch after its commit. */
  readonly onStored?: (batch: StoredBatch) => void;
}

export interface Ingest {
  readonly stats: () => IngestStats;
  /** Takes no new messages, stores and acknowledges those under way, and disconnects. The session stays. */
  readonly stop: () => Promise<void>;
}

/**
 * Takes readings in from the broker until it is stopped: decoded, stored in batches, and acknowledged after the commit.
 * Resolves when meters are being listened to.
 *
 * @throws AppError `service_unreachable` when the broker cannot be reached or refuses us.
 */
export async function startIngest({ decoders = BUILT_IN_DECODERS, ...deps }: IngestDeps): Promise<Ingest> {
  const { pool, clock, log, mqtt, keptDays, onStored } = deps;
  const tally = createTally();
  const stopping = new AbortController();
  const noted = { tell: (): void => undefined };
  const topics = createKnownTopics(decoders);
  const meters = createMeterDirectory(pool);
  const storing = { pool, clock, meters, onKnown: topics.learn, onNoted: () => noted.tell() };
  const persistently = {
    log,
    store: (draft: BatchDraft) => storeDraft(storing, draft),
    onStored: (batch: StoredBatch) => {
      tally.countBatch(batch);
      onStored?.(batch);
    },
    stop: stopping.signal,
  };
  const spare: ReadingRuns[] = [];
  const intake = createIntake({
    store: async (batch) => {
      const fromMs = takenFromMs(clock.now().getTime(), keptDays);
      const readings = spare.pop() ?? new ReadingRuns();
      const draft = readBatch(batch, { decoders, topics, takenFromMs: fromMs }, readings);
      const isStored = await storeUntilDone(persistently, draft);
      readings.clear();
      spare.push(readings);
      return isStored;
    },
    onAcknowledged: (count) => {
      tally.countMessages(count);
      // The packets leave at the end of this turn of the event loop.
      setImmediate(crashPoint, 'ingest.after_puback');
    },
  });

  const drops = watchDrops({ pool, clock, log, clientId: mqtt.clientId });
  const connection = await connectToBroker(mqtt, takingFor(intake, drops, clock));
  logTroubles(connection, log);
  const subscription = {
    topicFilters: decoders.flatMap(({ topicFilters }) => topicFilters),
    sharedGroup: mqtt.sharedGroup,
  };
  try {
    await keepSubscribed(connection, subscription, log);
  } catch (error) {
    await connection.client.endAsync(true);
    throw error;
  }
  askForDrops(connection, log);
  const sequences = keepSequences({ pool, clock, log, client: connection.client });
  noted.tell = sequences.onNoted;
  return {
    stats: () => ({ ...tally.read(), pending: intake.pending() }),
    stop: async () => {
      stopping.abort();
      await intake.close();
      await sequences.stop();
      await drops.stop();
      await disconnect(connection);
    },
  };
}

/** Says goodbye, so that the broker has everything that was acknowledged; a broker that is gone is not waited for. */
async function disconnect({ client }: BrokerConnection): Promise<void> {
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  await Promise.race([client.endAsync(!client.connected), closed]);
}

/**
 * Of a payload that is too large to be read, only what quarantine keeps is held in memory. What the broker says of itself
 * is no message of a meter.
 */
function takingFor(intake: Intake, drops: DropWatch, clock: Clock): MessageTaker {
  return {
    take: (message, connection) => {
      const { payloadAt, payloadEnd, payloadBytes } = message;
      if (drops.hear(message)) return;
      const isTooLarge = payloadBytes > MAX_PAYLOAD_BYTES;
      const keptEnd = isTooLarge ? Math.min(payloadEnd, payloadAt + KEPT_PAYLOAD_BYTES) : payloadEnd;
      intake.take(
        keptEnd === payloadEnd ? message : { ...message, payloadEnd: keptEnd },
        clock.now().getTime(),
        connection,
      );
    },
    hasRoom: intake.hasRoom,
    whenRoom: intake.whenRoom,
  };
}

function logTroubles({ client }: BrokerConnection, log: Logger): void {
  client.on('error', (error) => log.warn({ reason: messageOf(error) }, 'trouble with the MQTT broker'));
  client.on('offline', () => log.warn('the MQTT broker is out of reach; trying again'));
  client.on('connect', () => log.info('connected to the MQTT broker again'));
}
