import { readFileSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Decoder } from '../../ingest/decoders/decoder.ts';
import { interpret } from '../../ingest/interpret.ts';
import type { InterpretedMessage } from '../../ingest/message.ts';
import { EXIT } from '../exit-codes.ts';

export interface DecodeArguments {
  readonly topic: string;
  /** The file that holds the payload; `-` is standard input. */
  readonly file: string;
  /** When it came, for telegrams of another day; now when left out. */
  readonly receivedAt?: Date | undefined;
}

export interface DecodeDeps {
  readonly decoders: readonly Decoder[];
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

const STANDARD_INPUT = 0;

/**
 * `stillwater decode`: prints what would be stored of one message, or why nothing would. It stores nothing and asks no
 * database, so it does not know which meters are registered. Returns the exit code: 2 when anything was not understood.
 *
 * @throws AppError `input_invalid` when the file cannot be read.
 */
export function decodeCommand({ topic, file, receivedAt }: DecodeArguments, deps: DecodeDeps): number {
  const payload = read(file);
  const message = {
    source: 'file' as const,
    topic,
    payload,
    payloadBytes: payload.byteLength,
    receivedAt: receivedAt ?? deps.clock.now(),
  };
  const interpreted = interpret(message, deps.decoders);
  const format = deps.decoders.find((decoder) => decoder.identify(topic) !== undefined);
  for (const line of describe(interpreted, format)) deps.print(line);
  return interpreted.rejection ? EXIT.badInput : EXIT.done;
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file);
  } catch (cause) {
    throw new AppError('input_invalid', `${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function describe({ content, rejection }: InterpretedMessage, format: Decoder | undefined): string[] {
  const readings = content?.readings ?? [];
  return [
    `format   ${format?.name ?? 'none'}`,
    ...(content ? [`meter    ${content.serial}`] : []),
    ...readings.map(
      ({ readAtMs, indexLitres }) => `reading  ${new Date(readAtMs).toISOString()}  ${String(indexLitres)} L`,
    ),
    ...(content && content.flags.length > 0 ? [`status   ${content.flags.join(', ')}`] : []),
    ...(content?.sequence ? [`sequence ${content.sequence.seq} of ${content.sequence.sender}`] : []),
    ...(rejection ? [`refused  ${rejection.reason}: ${rejection.detail}`] : []),
  ];
}
