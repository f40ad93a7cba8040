import type { Clock } from '../../core/clock.ts';
import type { MessageToReplay, RefusedAgain } from '../../db/quarantine-replay.ts';
import { takenFromMs } from '../../domain/metering/retention.ts';
import type { Decoder, Rejection } from '../decoders/decoder.ts';
import { interpret } from '../interpret.ts';
import type { InterpretedMessage } from '../message.ts';
import type { MeterDirectory } from '../meter-directory.ts';
import { draftOf } from '../batch-draft.ts';

/** A message of the quarantine, read by the decoders of today. */
export interface ReadAgain {
  readonly id: number;
  /** What can be stored of it now; undefined where nothing can. */
  readonly storable: InterpretedMessage | undefined;
  /** What still keeps it, or a part of it, in quarantine. */
  readonly refused: RefusedAgain | undefined;
}

/** What decides today how a message is read. */
export interface ReadingTerms {
  readonly clock: Clock;
  readonly decoders: readonly Decoder[];
  /** For how many days readings are kept: what would be deleted at once is refused. Nothing is when left out. */
  readonly keptDays?: number | undefined;
}

/**
 * Reads messages as if they had just come, at the time at which they came. Whoever sent them has long been told that
 * they arrived, so nobody is told again.
 */
export async function readAgain(
  messages: readonly MessageToReplay[],
  { decoders, keptDays, clock }: ReadingTerms,
  meters: MeterDirectory,
): Promise<ReadAgain[]> {
  const fromMs = takenFromMs(clock.now().getTime(), keptDays);
  const interpreted = messages.map((message) => interpret(message, decoders, fromMs));
  const known = await meters.idsOf(draftOf(interpreted).serials());
  return interpreted.map((each, position) => judge(messages[position]?.id ?? 0, each, known));
}

function judge(
  id: number,
  { message, content, rejection }: InterpretedMessage,
  known: ReadonlyMap<string, number>,
): ReadAgain {
  const serial = content?.serial;
  const refuse = ({ reason, detail }: Rejection) => ({ id, reason, detail, serial });
  if (!content) return { id, storable: undefined, refused: rejection && refuse(rejection) };
  if (!known.has(content.serial)) {
    const unknown = { reason: 'unknown_meter', detail: `no meter ${content.serial} is registered` } as const;
    return { id, storable: undefined, refused: refuse(unknown) };
  }
  const { serial: meter, readings, flags } = content;
  const storable = { message, content: { serial: meter, readings, flags }, rejection: undefined };
  return { id, storable, refused: rejection && refuse(rejection) };
}
