import type { ReadingRuns } from '../db/reading-runs.ts';
import { BatchDraft } from './batch-draft.ts';
import { ByteScanner } from './decoders/byte-scanner.ts';
import type { Decoder } from './decoders/decoder.ts';
import { NATIVE_LIMITS } from './decoders/native-json.ts';
import { EARLIEST_MS, latestMs } from './decoders/reading-time.ts';
import { scanNativeJson } from './decoders/scan-native-json.ts';
import { interpret } from './interpret.ts';
import type { KnownTopics } from './known-topics.ts';
import type { MessageBatch } from './message-batch.ts';

export interface ReadingTerms {
  readonly decoders: readonly Decoder[];
  readonly topics: KnownTopics;
  /** Readings from before this time, in milliseconds since 1970, are refused. */
  readonly takenFromMs: number;
}

const scanner = new ByteScanner();

/**
 * Reads the messages of a batch into `readings`, which must be empty. What usual messages of known meters say goes there
 * straight from their bytes; all others go through the decoders.
 */
export function readBatch(batch: MessageBatch, terms: ReadingTerms, readings: ReadingRuns): BatchDraft {
  const interpretAt = (place: number) => interpret(batch.message(place), terms.decoders, terms.takenFromMs);
  const draft = new BatchDraft(
    batch.count,
    () => Array.from({ length: batch.count }, (_, place) => interpretAt(place)),
    readings,
  );
  for (let place = 0; place < batch.count; place += 1) {
    if (!readUsual(batch, place, terms, draft)) draft.add(interpretAt(place));
  }
  return draft;
}

/** False, and nothing is read, where anything about the message is not as it usually is. */
function readUsual(
  batch: MessageBatch,
  place: number,
  { topics, takenFromMs }: ReadingTerms,
  { readings, sequences }: BatchDraft,
): boolean {
  const topic = topics.get(batch.topicKey(place));
  if (!topic || !batch.isWhole(place)) return false;
  const receivedAtMs = batch.receivedAtMs[place] ?? Number.NaN;
  scanner.read(batch.bytes, batch.payloadAt[place] ?? 0, batch.payloadEnd[place] ?? 0);
  const first = readings.readings;
  const scanned = scanNativeJson(scanner, topic.serial, NATIVE_LIMITS, readings);
  if (!scanned || !isWithin(readings, first, Math.max(EARLIEST_MS, takenFromMs), latestMs(receivedAtMs))) {
    readings.dropUnended();
    return false;
  }
  readings.endRun(topic.meterId, receivedAtMs);
  const { seq, stream = '', oldest } = scanned;
  if (seq !== undefined) sequences.add(topic.sender, stream, seq, oldest);
  return true;
}

/** Whether all readings from this one on were taken in this time, in milliseconds since 1970, both ends included. */
function isWithin({ readAtMs, readings }: ReadingRuns, first: number, fromMs: number, untilMs: number): boolean {
  for (let i = first; i < readings; i += 1) {
    const ms = readAtMs[i] ?? Number.NaN;
    if (!(ms >= fromMs && ms <= untilMs)) return false;
  }
  return true;
}
