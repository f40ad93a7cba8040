import type { FlagReport } from '../db/meter-flags.ts';
import type { QuarantinedMessage } from '../db/quarantine.ts';
import type { ReadingRun } from '../db/reading-run.ts';
import type { NotedSequence } from '../db/sequences-noted.ts';
import type { DecodedMessage, Rejection } from './decoders/decoder.ts';
import type { InterpretedMessage } from './message.ts';
import { sequencesIn } from './sequences/sequences-in.ts';

/** What one transaction is to write. */
export interface BatchPlan {
  /** Those of each message by themselves. */
  readonly readings: readonly ReadingRun[];
  readonly flags: readonly FlagReport[];
  readonly quarantined: readonly QuarantinedMessage[];
  /** The numbers that the senders gave their messages. */
  readonly sequences: readonly NotedSequence[];
}

/** The serials of all meters that the messages speak of. */
export function serialsIn(messages: readonly InterpretedMessage[]): ReadonlySet<string> {
  const serials = new Set<string>();
  for (const { content } of messages) if (content) serials.add(content.serial);
  return serials;
}

/** Lays out rows for the messages, in the order they came. A message of a meter without an id goes into quarantine. */
export function planBatch(messages: readonly InterpretedMessage[], meterIds: ReadonlyMap<string, number>): BatchPlan {
  const readings: ReadingRun[] = [];
  const flags: FlagReport[] = [];
  const quarantined: QuarantinedMessage[] = [];
  for (const { message, content, rejection } of messages) {
    const meterId = content && meterIds.get(content.serial);
    if (content && meterId !== undefined) {
      const { readings: ofMessage } = content;
      if (ofMessage.length > 0)
        readings.push({ meterId, receivedAtMs: message.receivedAt.getTime(), readings: ofMessage });
      addFlags(flags, meterId, content);
    }
    const wrong = content && meterId === undefined ? unknownMeter(content) : rejection;
    if (wrong) quarantined.push({ ...message, ...wrong, serial: content?.serial });
  }
  return { readings, flags, quarantined, sequences: sequencesIn(messages) };
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
