import { NO_METER, ReadingRuns } from '../db/reading-runs.ts';
import type { FlagReport } from '../db/meter-flags.ts';
import type { QuarantinedMessage } from '../db/quarantine.ts';
import type { NotedSequence } from '../db/sequences-noted.ts';
import type { DecodedMessage, Rejection } from './decoders/decoder.ts';
import type { InterpretedMessage } from './message.ts';
import { SequenceRuns } from './sequences/sequence-runs.ts';

/** What one transaction is to write. */
export interface BatchPlan {
  /** Those of each message by themselves. */
  readonly readings: ReadingRuns;
  readonly flags: readonly FlagReport[];
  readonly quarantined: readonly QuarantinedMessage[];
  /** The numbers that the senders gave their messages. */
  readonly sequences: readonly NotedSequence[];
}

/** The messages of a batch as they were understood, in the order they came, before it is known which meters there are. */
export class BatchDraft {
  readonly readings: ReadingRuns;
  readonly sequences = new SequenceRuns();
  /** How many messages there are. */
  readonly size: number;
  readonly #interpret: () => readonly InterpretedMessage[];
  /** The messages whose meter is to be looked up, and those that were not understood. */
  readonly #others: InterpretedMessage[] = [];
  /** The run of each of the others; undefined for one without readings. */
  readonly #runs: (number | undefined)[] = [];

  /** `interpret` gives all messages, each by itself: for when PostgreSQL refuses what one of them says. */
  constructor(size: number, interpret: () => readonly InterpretedMessage[], readings: ReadingRuns = new ReadingRuns()) {
    this.size = size;
    this.#interpret = interpret;
    this.readings = readings;
  }

  messages(): readonly InterpretedMessage[] {
    return this.#interpret();
  }

  /** Adds a message that was understood, or not, like any other. */
  add(interpreted: InterpretedMessage): void {
    const { message, content, rejection } = interpreted;
    const sequence = content?.sequence ?? rejection?.sequence;
    // Only what came through the broker has a sender that was vouched for.
    if (sequence && message.source === 'mqtt') {
      this.sequences.add(sequence.sender, sequence.stream, sequence.seq, sequence.oldest);
    }
    for (const { readAtMs, indexLitres } of content?.readings ?? []) this.readings.add(readAtMs, indexLitres);
    const hasReadings = content !== undefined && content.readings.length > 0;
    this.#others.push(interpreted);
    this.#runs.push(hasReadings ? this.readings.endRun(NO_METER, message.receivedAt.getTime()) : undefined);
  }

  /** The serials of the meters that are to be looked up. */
  serials(): ReadonlySet<string> {
    const serials = new Set<string>();
    for (const { content } of this.#others) if (content) serials.add(content.serial);
    return serials;
  }

  /**
   * Lays out the rows. A message of a meter without an id goes into quarantine; `onKnown` is told the topics of the others.
   */
  plan(meterIds: ReadonlyMap<string, number>, onKnown?: (topic: string, meterId: number) => void): BatchPlan {
    const flags: FlagReport[] = [];
    const quarantined: QuarantinedMessage[] = [];
    for (const [i, { message, content, rejection }] of this.#others.entries()) {
      const meterId = content && meterIds.get(content.serial);
      const run = this.#runs[i];
      if (run !== undefined) this.readings.meterIds[run] = meterId ?? NO_METER;
      if (content && meterId !== undefined) {
        addFlags(flags, meterId, content);
        onKnown?.(message.topic, meterId);
      }
      const wrong = content && meterId === undefined ? unknownMeter(content) : rejection;
      if (wrong) quarantined.push({ ...message, ...wrong, serial: content?.serial });
    }
    return { readings: this.readings, flags, quarantined, sequences: this.sequences.runs };
  }
}

/** A draft of messages that were interpreted one by one. */
export function draftOf(messages: readonly InterpretedMessage[]): BatchDraft {
  const draft = new BatchDraft(messages.length, () => messages);
  for (const message of messages) draft.add(message);
  return draft;
}

/** A flag counts from the newest reading it came with, so that a repeat at a later hour reports nothing new. */
function addFlags(rows: FlagReport[], meterId: number, { flags, readings }: DecodedMessage): void {
  if (flags.length === 0) return;
  const reportedAtMs = Math.max(...readings.map(({ readAtMs }) => readAtMs));
  for (const flag of flags) rows.push({ meterId, flag, reportedAtMs });
}

function unknownMeter({ serial }: DecodedMessage): Rejection {
  return { reason: 'unknown_meter', detail: `no meter ${serial} is registered` };
}
