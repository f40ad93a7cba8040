import type { Decoder } from './decoder.ts';
import { nativeJson } from './native-json.ts';

/** Every format that is understood. The first one that knows a topic takes its messages. */
export const DECODERS: readonly Decoder[] = [nativeJson];
