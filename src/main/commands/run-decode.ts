import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { loadDecoders } from '../decoders.ts';
import { type DecodeArguments, decodeCommand } from './decode.ts';

/** Reads a message with the formats of this installation. */
export function runDecode(args: DecodeArguments): number {
  const decoders = loadDecoders(loadConfig(process.env).decoderFile);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  return decodeCommand(args, { decoders, clock: systemClock, print });
}
