import type { Decoder } from './decoders/decoder.ts';
import { nativeJson } from './decoders/native-json.ts';

/** Who speaks on a topic of our own format. */
export interface KnownTopic {
  /** A meter or a head-end, by its name in the topic. */
  readonly sender: string;
  readonly serial: string;
  readonly meterId: number;
}

/** Topics of our own format, with registered meters. What they say can be read without looking anything up. */
export interface KnownTopics {
  readonly get: (topic: string) => KnownTopic | undefined;
  /** Remembers the topic, if it is of our own format. */
  readonly learn: (topic: string, meterId: number) => void;
}

/** Beyond this many, all are forgotten and learned again: some 40 MB. */
const MAX_REMEMBERED = 200_000;

/** Knows no topic yet. A topic is of the format whose decoder is the first to know it. */
export function createKnownTopics(decoders: readonly Decoder[]): KnownTopics {
  const known = new Map<string, KnownTopic>();
  return {
    get: (topic) => known.get(topic),
    learn: (topic, meterId) => {
      if (known.has(topic)) return;
      const decoder = decoders.find((each) => each.identify(topic) !== undefined);
      const identity = decoder?.decode === nativeJson.decode ? nativeJson.identify(topic) : undefined;
      if (identity?.serial === undefined) return;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(topic, { sender: identity.sender, serial: identity.serial, meterId });
    },
  };
}
