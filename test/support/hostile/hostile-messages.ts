import { randomStream, type RandomStream } from '../../../simulator/random.ts';
import { numberedReading } from '../numbered-readings.ts';
import { damaged, enormous, randomBytes } from './hostile-bytes.ts';
import { depthBomb, hostileJson, hostileNative } from './hostile-json.ts';
import { capturedTelegrams } from './telegrams.ts';

export interface HostileMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Set on the good messages that are strewn in: the number of the reading that must be stored. */
  readonly number?: number;
}

export interface HostileOptions {
  readonly seed: number;
  /** Meters on the books that send nothing but good readings. */
  readonly serials: readonly string[];
  /** Meters on the books for which the hostile messages are made out. */
  readonly victims: readonly string[];
  /** The topics of all formats. */
  readonly topicFilters: readonly string[];
  /** True for topics that only a broken program could make: they cannot pass a broker. */
  readonly withImpossibleTopics: boolean;
}

const NAMES = [
  ...['WM-0', 'meters', '__proto__', 'constructor', 'a b', '水表', '🚰', '..', '%2e', 'x'.repeat(64), 'x'.repeat(65)],
  ...["';--", '0018B20000000001', '70B3D57ED0000001', 'A'.repeat(300), '-', '.', ':'],
];
const IMPOSSIBLE_NAMES = ['', '+', '#', '\0', '\ud800', 'a\nb'];
const GOOD = 0.1;
const ENORMOUS = 0.0005;
const DEEP = 0.002;

/** An endless row of messages by the grammar of what can go wrong; the same row for the same seed. */
export function* hostileMessages(options: HostileOptions): Generator<HostileMessage> {
  const random = randomStream(options.seed, 'hostile');
  const telegrams = capturedTelegrams();
  let number = 0;
  for (;;) {
    if (random.chance(GOOD)) {
      const { topic, payload } = numberedReading(options.serials, number);
      yield { topic, payload: Buffer.from(payload), number };
      number += 1;
    } else {
      yield { topic: someTopic(random, options), payload: somePayload(random, options, telegrams) };
    }
  }
}

/** A topic of one of the formats, with a name in each place that is left open. */
function someTopic(random: RandomStream, { victims, topicFilters, withImpossibleTopics }: HostileOptions): string {
  const name = () => {
    if (random.chance(0.8)) return random.pick(victims);
    return random.pick(withImpossibleTopics ? [...NAMES, ...IMPOSSIBLE_NAMES] : NAMES);
  };
  return random
    .pick(topicFilters)
    .split('/')
    .map((level) => (level === '+' || level === '#' ? name() : level))
    .join('/');
}

function somePayload(random: RandomStream, { victims }: HostileOptions, telegrams: readonly Buffer[]): Buffer {
  if (random.chance(ENORMOUS)) return enormous(random);
  if (random.chance(DEEP)) return Buffer.from(depthBomb(random));
  const kind = random.whole(0, 5);
  if (kind === 0) return randomBytes(random);
  if (kind === 1) return Buffer.from(hostileJson(random));
  if (kind === 2) return Buffer.from(hostileNative(random));
  if (kind === 3) return damaged(random, Buffer.from(hostileNative(random)));
  if (kind === 4 && telegrams.length > 0) return damaged(random, random.pick(telegrams));
  return damaged(random, Buffer.from(numberedReading(victims, random.whole(0, 300_000)).payload));
}
