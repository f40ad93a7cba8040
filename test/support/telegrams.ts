import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseDecoderFile } from '../../src/config/decoder-file.ts';
import type { Decoder, MessageSequence } from '../../src/ingest/decoders/decoder.ts';
import { decodersFrom } from '../../src/ingest/decoders/decoders.ts';
import { interpret } from '../../src/ingest/interpret.ts';

const FOLDER = 'test/fixtures/telegrams';

const said = z.strictObject({
  serial: z.string().optional(),
  readings: z.array(z.strictObject({ at: z.string(), index_l: z.number() })).default([]),
  flags: z.array(z.string()).default([]),
  sequence: z.record(z.string(), z.unknown()).optional(),
  refused: z.string().optional(),
});

const telegram = z.strictObject({
  about: z.string(),
  shape: z.string(),
  topic: z.string(),
  receivedAt: z.coerce.date(),
  /** What a decoder file says; as the program reads it. */
  settings: z.unknown().optional(),
  payload: z.unknown(),
  expected: said,
});

export type Telegram = z.output<typeof telegram> & { readonly name: string; readonly format: string };

/** Every telegram that lies beside the formats, with what must become of it. */
export function telegrams(): Telegram[] {
  return readdirSync(FOLDER).flatMap((format) =>
    readdirSync(join(FOLDER, format)).map((file) => {
      const text = readFileSync(join(FOLDER, format, file), 'utf8');
      return { ...telegram.parse(JSON.parse(text)), format, name: `${format}/${file.replace(/\.json$/, '')}` };
    }),
  );
}

const remembered = new Map<string, readonly Decoder[]>();

/** The decoders of a program with the settings of the telegram. */
export function decodersOf({ settings = {} }: Telegram): readonly Decoder[] {
  const text = JSON.stringify(settings);
  const decoders = remembered.get(text) ?? decodersFrom(parseDecoderFile(text, 'settings'));
  remembered.set(text, decoders);
  return decoders;
}

/** What the program makes of a telegram, as the fixtures write it down. */
export function understood(telegram: Telegram): z.output<typeof said> {
  const { topic, receivedAt, payload } = telegram;
  const bytes = Buffer.from(JSON.stringify(payload));
  const message = { source: 'mqtt' as const, topic, payload: bytes, payloadBytes: bytes.byteLength, receivedAt };
  const { content, rejection } = interpret(message, decodersOf(telegram));
  return {
    ...(content && { serial: content.serial }),
    readings: (content?.readings ?? []).map(({ readAtMs, indexLitres }) => ({
      at: new Date(readAtMs).toISOString(),
      index_l: indexLitres,
    })),
    flags: [...(content?.flags ?? [])],
    ...sequenceIn(content?.sequence),
    ...(rejection && { refused: `${rejection.reason}: ${rejection.detail}` }),
  };
}

function sequenceIn(sequence: MessageSequence | undefined): { sequence?: Record<string, unknown> } {
  return sequence ? { sequence: { ...sequence } } : {};
}
