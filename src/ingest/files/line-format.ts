import type { Result } from '../../core/result.ts';
import type { DecodedMessage, Rejection } from '../decoders/decoder.ts';

/** How readings are written in lines. */
export const LINE_FORMATS = ['csv', 'ndjson'] as const;
export type LineFormatName = (typeof LINE_FORMATS)[number];

/** One way of writing readings in lines. What a line says is judged as a native message over MQTT is. */
export interface LineFormat {
  readonly name: LineFormatName;
  /** Whether the first line names the columns. */
  readonly hasHeader: boolean;
  /** Whether a line that was cut off can be told from a whole one. */
  readonly isClosed: boolean;
  /** What a line says; undefined for one that holds nothing. The line comes without its line end. */
  readonly read: (line: Buffer, receivedAt: Date) => Result<DecodedMessage, Rejection> | undefined;
  /** What a file of rejected lines begins with. */
  readonly rejectedHeader: Buffer;
  /** The line as it came, with the reason in it, so that it can be mended and sent again. */
  readonly withReason: (line: Buffer, reason: string) => Buffer;
}
