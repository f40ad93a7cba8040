import { chirpstack } from './chirpstack.ts';
import type { Decoder } from './decoder.ts';
import { mappedJson } from './mapped-json.ts';
import { nativeJson } from './native-json.ts';
import { rtlamr } from './rtlamr.ts';
import type { ErtCountUnit, MessageMapping, UplinkMapping } from './telegram-mapping.ts';
import { theThingsStack } from './the-things-stack.ts';
import { wmbusmeters } from './wmbusmeters.ts';

/** What an operator can say of the formats. */
export interface DecoderSettings {
  /** The built-in formats that are listened to; all when left out. */
  readonly formats?: readonly FormatName[] | undefined;
  readonly mappings?: readonly MessageMapping[] | undefined;
  readonly lorawan?: readonly UplinkMapping[] | undefined;
  readonly rtlamr?: readonly ErtCountUnit[] | undefined;
}

/** The formats that come with the program, by the names that settings know them by. */
const FORMATS = {
  native: () => nativeJson,
  wmbusmeters: () => wmbusmeters,
  chirpstack: ({ lorawan = [] }: DecoderSettings) => chirpstack(lorawan),
  'the-things-stack': ({ lorawan = [] }: DecoderSettings) => theThingsStack(lorawan),
  rtlamr: ({ rtlamr: units = [] }: DecoderSettings) => rtlamr(units),
} as const;
export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/**
 * The formats that are understood. The first one that knows a topic takes its messages: those that the operator
 * described come before those that come with the program.
 */
export function decodersFrom(settings: DecoderSettings): readonly Decoder[] {
  const { formats = FORMAT_NAMES, mappings = [] } = settings;
  return eachFilterOnce([...mappings.map(mappedJson), ...formats.map((name) => FORMATS[name](settings))]);
}

/** A broker may answer a subscription that names a topic twice as if it named it once, and so look out of order. */
function eachFilterOnce(decoders: readonly Decoder[]): readonly Decoder[] {
  const asked = new Set<string>();
  return decoders.map((decoder) => {
    const topicFilters = decoder.topicFilters.filter((filter) => !asked.has(filter));
    for (const filter of topicFilters) asked.add(filter);
    return { ...decoder, topicFilters };
  });
}

/** The formats that are understood when nobody says more about them. */
export const BUILT_IN_DECODERS: readonly Decoder[] = decodersFrom({});
