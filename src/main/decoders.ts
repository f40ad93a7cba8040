import { readFileSync } from 'node:fs';
import { parseDecoderFile } from '../config/decoder-file.ts';
import { AppError } from '../core/errors.ts';
import type { Decoder } from '../ingest/decoders/decoder.ts';
import { BUILT_IN_DECODERS, decodersFrom } from '../ingest/decoders/decoders.ts';

/**
 * The formats in which meters are understood: those that come with the program, and what the operator's file adds.
 *
 * @throws AppError `config_invalid` when the file is missing or wrong.
 */
export function loadDecoders(path: string | undefined): readonly Decoder[] {
  if (path === undefined) return BUILT_IN_DECODERS;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('config_invalid', `STILLWATER_DECODER_FILE: ${path} cannot be read`, { cause });
  }
  return decodersFrom(parseDecoderFile(text, path));
}
